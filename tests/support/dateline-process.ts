import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const START_MS = 20_000
const ROOT = fileURLToPath(new URL('../..', import.meta.url))

export type DatelinePart = 'everything' | 'api' | 'gateway' | 'worker'

export interface DatelineProcess {
  readonly name: string
  readonly pid: number
  /** Where it serves HTTP; a worker serves none. */
  readonly url: string
  /** What it has written to stderr so far: its log. */
  stderr(): string
  stdout(): string
  /** Its exit code, once it has ended; null after a kill -9. */
  readonly exited: Promise<number | null>
  /** SIGINT to its process group, as Ctrl-C in a terminal does. */
  interrupt(): Promise<number | null>
  /** SIGTERM, and SIGKILL if that does not end it within 10 s. */
  stop(): Promise<void>
  kill9(): Promise<void>
}

export interface DatelineOptions {
  readonly part: DatelinePart
  readonly env: Readonly<Record<string, string>>
  /** What the log says when a part without HTTP is ready. */
  readonly readyLog?: RegExp
  /** The folder of another release; else it is this tree. */
  readonly release?: string
}

/** Starts a part of the built Dateline as a process of its own, and waits until /readyz says 200. */
export async function startDateline({
  part,
  env,
  readyLog,
  release = ROOT,
}: DatelineOptions): Promise<DatelineProcess> {
  const port = env['PORT'] ?? String(await freePort())
  const { child, written, exited } = spawnDateline({ part, env: { PORT: port, ...env }, release })
  const url = `http://127.0.0.1:${port}`
  const isReady = readyLog === undefined ? () => answersReady(url) : async () => readyLog.test(written.stderr)
  await untilReady(child, isReady, () => `dateline ${part}:\n${written.stderr}`)

  return {
    name: `dateline ${part}`,
    pid: pidOf(child),
    url,
    stderr: () => written.stderr,
    stdout: () => written.stdout,
    exited,
    interrupt() {
      if (isRunning(child)) process.kill(-pidOf(child), 'SIGINT')
      return exited
    },
    async stop() {
      child.kill('SIGTERM')
      const force = setTimeout(() => child.kill('SIGKILL'), 10_000)
      await exited
      clearTimeout(force)
    },
    async kill9() {
      child.kill('SIGKILL')
      await exited
    },
  }
}

/** Only spawns it, in a process group of its own; nothing is waited for. */
export function spawnDateline({ part, env, release = ROOT }: Pick<DatelineOptions, 'part' | 'env' | 'release'>) {
  const child = spawn(process.execPath, [join(release, 'scripts', 'start.mjs'), part], {
    env: { ...withoutDateline(process.env), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  const written = { stdout: '', stderr: '' }
  child.stdout.on('data', chunk => {
    written.stdout += String(chunk)
  })
  child.stderr.on('data', chunk => {
    written.stderr += String(chunk)
  })
  // 'close' and not 'exit': then all that it wrote has been read.
  const exited = once(child, 'close').then(() => child.exitCode)
  return { child, written, exited }
}

/** Runs a part that is expected to refuse to start; gives its exit code and what it wrote. */
export async function startRefused({ part, env }: Pick<DatelineOptions, 'part' | 'env'>) {
  const { child, written, exited } = spawnDateline({ part, env })
  const tooLong = setTimeout(() => child.kill('SIGTERM'), START_MS)
  const code = await exited
  clearTimeout(tooLong)
  return { code, stderr: written.stderr }
}

/** A port that nobody listened on a moment ago. */
export async function freePort(): Promise<number> {
  return await listenOnce(0)
}

/** Systems give out ports for connections from here on (Linux: 32768): one below is still free after a restart. */
const KEPT_PORTS = { from: 20_000, to: 32_000 }

/** A free port for who is killed and comes back to it: no connection of anybody takes it meanwhile. */
export async function keptPort(): Promise<number> {
  const { from, to } = KEPT_PORTS
  for (;;) {
    const port = await listenOnce(from + Math.floor(Math.random() * (to - from))).catch(isTaken)
    if (port !== undefined) return port
  }
}

function isTaken(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'EADDRINUSE') throw error
}

async function listenOnce(wanted: number): Promise<number> {
  const server = createServer().listen(wanted, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

async function untilReady(child: ChildProcess, isReady: () => Promise<boolean>, story: () => string) {
  const deadline = Date.now() + START_MS
  while (!(await isReady())) {
    if (!isRunning(child)) throw new Error(`ended with ${child.exitCode ?? child.signalCode}: ${story()}`)
    if (Date.now() > deadline) {
      child.kill('SIGTERM') // and not SIGKILL, which would leave its private Redis behind
      throw new Error(`not ready within ${START_MS} ms: ${story()}`)
    }
    await sleep(50)
  }
}

async function answersReady(url: string): Promise<boolean> {
  const answer = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(2_000) }).catch(() => undefined)
  return answer?.status === 200
}

const isRunning = (child: ChildProcess) => child.exitCode === null && child.signalCode === null

function pidOf(child: ChildProcess): number {
  if (child.pid === undefined) throw new Error('the process could not be started')
  return child.pid
}

/** A test's process gets the settings that the test names, not those of whoever runs the tests. */
function withoutDateline(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { REDIS_URL, NODE_ENV, PORT, METRICS_PORT, HOST, DATA_DIR, JWT_SECRET, PUBLIC_ORIGINS, LOG_LEVEL, ...others } =
    env
  const { ARCHIVE_DIR, BACKUP_DIR, BACKUP_EVERY_HOURS, BACKUP_KEEP, OTEL_EXPORTER_OTLP_ENDPOINT, ...rest } = others
  return rest
}
