import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { readConfig } from '../../src/foundation/config.ts'
import { runDateline } from '../../src/main/cli/command.ts'
import { TEST_SECRET, type TestServer } from './server.ts'

export interface CommandOptions {
  readonly env?: Readonly<Record<string, string>>
  /** What is on standard input; it is no terminal. */
  readonly stdin?: string | Uint8Array
  readonly isColoured?: boolean
  /** All three are a terminal. */
  readonly isTerminal?: boolean
}

export interface RunningCommand {
  /** What it has written so far. */
  stdout(): string
  stderr(): string
  /** As Ctrl-C does. */
  interrupt(): void
  /** As if it was typed at the terminal. */
  type(text: string): void
  /** As if whoever reads its output went away. */
  leave(): void
  readonly ended: Promise<{ exitCode: number; stdout: string; stderr: string }>
}

/** `dateline ...` against a server of a test, in this process. */
export function commandsOf(server: Pick<TestServer, 'url'> & { store?: TestServer['store'] }, cwd: string) {
  function start(
    args: readonly string[],
    { env = {}, stdin, isColoured = false, isTerminal = false }: CommandOptions = {},
  ): RunningCommand {
    const [input, output, errors] = [aStream(isTerminal), aStream(isTerminal), aStream(isTerminal)]
    const prefix = /\{(.*)-index\}/.exec(server.store?.keys.index ?? '')?.[1] ?? ''
    const config = readConfig({
      ...{ REDIS_URL: process.env['REDIS_URL'], KEY_PREFIX: prefix, JWT_SECRET: TEST_SECRET, INIT_CWD: cwd },
      ...{ PORT: new URL(server.url).port, ...env },
    })
    if (stdin !== undefined) input.end(stdin)
    const written = { stdout: '', stderr: '' }
    output.on('data', chunk => {
      written.stdout += String(chunk)
    })
    errors.on('data', chunk => {
      written.stderr += String(chunk)
    })
    const interrupted = new AbortController()
    const run = runDateline(args, {
      ...{ config, stdin: input, stdout: output, stderr: errors, isColoured },
      configWithRedis: async () => config,
      signal: interrupted.signal,
    })
    return {
      stdout: () => written.stdout,
      stderr: () => written.stderr,
      interrupt: () => interrupted.abort(new Error('interrupted')),
      type: text => void input.write(text),
      leave: () => output.destroy(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' })),
      ended: run.then(async exitCode => {
        if (!output.destroyed) await text(output.end())
        await text(errors.end())
        return { exitCode, ...written }
      }),
    }
  }
  return { start, run: (args: readonly string[], options?: CommandOptions) => start(args, options).ended }
}

function aStream(isTerminal: boolean) {
  const stream = new PassThrough()
  // What cli-progress asks a terminal for, to draw on it.
  return isTerminal
    ? Object.assign(stream, { isTTY: true, columns: 120, rows: 30, setRawMode: () => stream, ...CURSOR })
    : stream
}

const CURSOR = { cursorTo: () => true, clearLine: () => true, moveCursor: () => true }
