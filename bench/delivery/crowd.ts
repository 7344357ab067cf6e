import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Part } from '../../src/foundation/lifecycle.ts'
import { type LineProcess, startLineProcess } from './line-process.ts'

/** How viewers get in, and what they say there. */
export interface Door {
  readonly kind: 'websocket' | 'socket.io' | 'stream'
  /** With the path. */
  readonly url: string
  /** Of socket.io: what they say when they are connected, turn about. None: they are in then. */
  readonly joins?: readonly [string, string]
}

export interface Opened {
  /** From the first connection until the last viewer was in. */
  readonly tookMs: number
  readonly resumed: number
  readonly restarted: number
  /** Of the largest answer to a join. */
  readonly answerBytes: number
}

export interface Seen {
  /** When the first of the updates came to the first viewer, on the shared clock. */
  readonly firstMs: number
  /** When the last of the updates came to the last viewer. */
  readonly lastMs: number
  readonly messageBytes: number
}

/** Viewers of one server, in a process of their own. Each is to be given each update once and in order, or it rejects. */
export interface Crowd extends Part {
  open(door: Door, viewers: number): Promise<Opened>
  /** Waits until every viewer has the updates `from` to `to`. */
  seen(from: number, to: number): Promise<Seen>
  cpuMs(): Promise<number>
  close(): Promise<void>
}

/** What plays the viewers: `compiled` is the C programs' folder, where there is a compiler for them. */
export type CrowdProgram =
  | { readonly isCompiled: true; readonly crowd: string; readonly loop: string }
  | { readonly isCompiled: false; readonly reason: string }

/** So many connect at a time: more would wait in a server's backlog, which holds 511. */
const AT_ONCE = 250
const OPEN_WITHIN_MS = 60_000
const SEEN_WITHIN_MS = 20_000
const ANSWER_WITHIN_MS = 10_000

const run = promisify(execFile)

/** Compiles what plays the viewers by `cc`, where that is there; a program in Node does it otherwise. */
export async function buildCrowd(dir: string, cc: string): Promise<CrowdProgram> {
  const compile = async (name: string) => {
    const source = fileURLToPath(new URL(`${name}.c`, import.meta.url))
    if (!existsSync(source)) throw new Error(`${source} is not there`)
    const program = join(dir, name)
    await run(cc, ['-O2', '-o', program, source])
    return program
  }
  try {
    return { isCompiled: true, crowd: await compile('crowd'), loop: await compile('loop') }
  } catch (error) {
    const isAway = (error as NodeJS.ErrnoException).code === 'ENOENT'
    return { isCompiled: false, reason: isAway ? 'there is no C compiler here' : 'the C compiler here cannot build it' }
  }
}

export function startCrowd(program: CrowdProgram, core: number | undefined): Crowd {
  const process = startLineProcess(commandOf(program), core)
  return { ...crowdOf(process), name: 'viewers', stop: () => process.stop() }
}

function commandOf(program: CrowdProgram): [string, ...string[]] {
  if (program.isCompiled) return [program.crowd]
  return [process.execPath, fileURLToPath(new URL('crowd-client.js', import.meta.url))]
}

function crowdOf({ ask }: LineProcess): Omit<Crowd, keyof Part> {
  return {
    async open({ kind, url, joins = ['', ''] }, viewers) {
      const { hostname, port, pathname, search } = new URL(url)
      const words = `open ${kind} ${hostname} ${port} ${viewers} ${AT_ONCE}`
      const line = [words, `${pathname}${search}`, ...joins].join('\t')
      const [from, to, resumed, restarted, answerBytes] = numbers(await ask(line, 'opened', OPEN_WITHIN_MS))
      return { tookMs: to - from, resumed, restarted, answerBytes }
    },
    async seen(from, to) {
      const [firstMs, lastMs, messageBytes] = numbers(await ask(`wait ${from} ${to}`, 'seen', SEEN_WITHIN_MS))
      return { firstMs, lastMs, messageBytes }
    },
    async cpuMs() {
      return numbers(await ask('usage', 'usage', ANSWER_WITHIN_MS))[0]
    },
    async close() {
      await ask('close', 'closed', ANSWER_WITHIN_MS)
    },
  }
}

function numbers(words: readonly string[]): [number, number, number, number, number] {
  const [a = 0, b = 0, c = 0, d = 0, e = 0] = words.map(Number)
  return [a, b, c, d, e]
}
