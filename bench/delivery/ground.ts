import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { findRedisServer, startRedis } from '../../scripts/redis.mjs'
import { Lifecycle } from '../../src/foundation/lifecycle.ts'
import { createLogger } from '../../src/foundation/logger.ts'
import { chooseCores, pinThisProcess } from '../cores.ts'
import { tellCores } from '../stand.ts'
import { buildCrowd, type CrowdProgram } from './crowd.ts'

/** What it may take to start and stop; beside what is measured in a round; and to send something to all. */
const START_MS = 180_000
const ROUND_MS = 60_000
const STEP_MS = 10_000

/** What the benchmarks of delivery stand on. */
export interface Ground {
  readonly dir: string
  /** A Redis of its own, and a connection to it. */
  readonly redis: { readonly url: string; readonly client: Redis }
  /** Undefined where processes are not bound to cores. */
  readonly serverCore: number | undefined
  readonly loadCore: number | undefined
  readonly program: CrowdProgram
}

/**
 * Runs a benchmark: what it adds to the lifecycle is taken down, whatever happens, and its result is the last line.
 * It always ends: after a time that depends on the options it gives up.
 */
export async function runOn(
  measure: (ground: Ground, lifecycle: Lifecycle) => Promise<object>,
  { rounds, times }: { readonly rounds: number; readonly times: number },
): Promise<void> {
  const longestMs = START_MS + (rounds + 1) * (ROUND_MS + times * STEP_MS)
  const lifecycle = new Lifecycle(createLogger('warn', 'bench'))
  const giveUp = (why: string) => {
    process.stderr.write(`${why}\n`)
    void lifecycle.stop().then(() => process.exit(1))
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => giveUp(`Got ${signal}.`))
  const timer = setTimeout(() => giveUp(`Not done after ${Math.round(longestMs / 1_000)} s.`), longestMs)
  let result: object
  try {
    result = await measure(await openGround(lifecycle), lifecycle)
  } finally {
    clearTimeout(timer)
    await lifecycle.stop()
  }
  print(JSON.stringify(result))
}

async function openGround(lifecycle: Lifecycle): Promise<Ground> {
  const dir = await mkdtemp(join(tmpdir(), 'dateline-bench-'))
  lifecycle.add({ name: 'folder', stop: () => rm(dir, { recursive: true, force: true }) })
  const server = await findRedisServer({ install: true, log: line => process.stderr.write(`${line}\n`) })
  const redis = await startRedis({ server, dir: join(dir, 'redis') })
  lifecycle.add({ name: 'redis', stop: () => redis.stop() })
  const client = new Redis(redis.url)
  lifecycle.add({ name: 'connection', stop: async () => client.disconnect() })
  const program = await buildCrowd(dir, process.env['CC'] ?? 'cc')
  const cores = await chooseCores()
  if (cores.pinned) await pinThisProcess(cores.load)
  print(tellCores(cores))
  print(
    program.isCompiled
      ? 'Viewers are played by a program in C, compiled here.'
      : `Viewers are played by a program in Node, for ${program.reason}: look whether it is what holds the servers back.`,
  )
  const { server: serverCore, load: loadCore } = cores.pinned ? cores : { server: undefined, load: undefined }
  return { dir, redis: { url: redis.url, client }, serverCore, loadCore, program }
}

export function print(line: string): void {
  process.stdout.write(`${line}\n`)
}

/** Of a ratio or of a time: two digits are told. Null of what was not measured. */
export function rounded(value: number | null): number | null {
  return value === null ? null : Math.round(value * 100) / 100
}

export function whole(value: number | null): number | null {
  return value === null ? null : Math.round(value)
}
