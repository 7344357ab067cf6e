import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findRedisServer, startRedis } from '../scripts/redis.mjs'
import type { Lifecycle } from '../src/foundation/lifecycle.ts'
import { type BenchProcess, startProcess } from './child-process.ts'
import { type Cores, chooseCores, pinThisProcess } from './cores.ts'
import type { LoadCalls } from './load-client.ts'

/** What every benchmark needs: a folder, a Redis of its own, cores, and a process that plays the viewers. */
export interface Stand {
  readonly dir: string
  readonly redis: { readonly url: string; readonly dir: string }
  readonly cores: Cores
  /** The core for servers, when they are bound to one. */
  readonly serverCore: number | undefined
  readonly load: BenchProcess<LoadCalls>
}

/** Sets it up; the lifecycle takes it down again. The Redis is set up as that of `npm start`, and may use every core. */
export async function openStand(lifecycle: Lifecycle): Promise<Stand> {
  const dir = await mkdtemp(join(tmpdir(), 'dateline-bench-'))
  lifecycle.add({ name: 'folder', stop: () => rm(dir, { recursive: true, force: true }) })
  const server = await findRedisServer({ install: true, log: line => process.stderr.write(`${line}\n`) })
  const redisDir = join(dir, 'redis')
  const redis = await startRedis({ server, dir: redisDir })
  lifecycle.add({ name: 'redis', stop: () => redis.stop() })

  const cores = await chooseCores()
  // The editor writes from here, so this process belongs to the viewers' side.
  if (cores.pinned) await pinThisProcess(cores.load)
  const core = cores.pinned ? cores.load : undefined
  const load = lifecycle.add(
    startProcess<LoadCalls>({ program: 'load-client.js', core, logFile: join(dir, 'load.log') }),
  )
  const serverCore = cores.pinned ? cores.server : undefined
  return { dir, redis: { url: redis.url, dir: redisDir }, cores, serverCore, load }
}

export function tellCores(cores: Cores): string {
  if (!cores.pinned) return `Processes are not bound to cores: ${cores.reason}.`
  return `Servers run on core ${cores.server}, editor and viewers on core ${cores.load}, Redis where the system puts it.`
}
