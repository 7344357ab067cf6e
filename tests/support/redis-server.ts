import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findRedisServer, type RunningRedis, type StartRedisOptions, startRedis } from '../../scripts/redis.mjs'

export type RedisServerOptions = Partial<Omit<StartRedisOptions, 'server' | 'signal'>>

/** A real Redis of a test's own, which it may kill and start again over the same data and at the same address. */
export interface RedisServer {
  readonly name: string
  readonly url: string
  readonly dir: string
  /** kill -9: what Redis had not handed to the system is lost. */
  kill9(): Promise<void>
  /** Starts it again, after kill9 or (with a clean stop before) while it runs; other options may be given from then on. */
  restart(changes?: Pick<RedisServerOptions, 'appendfsync' | 'extraArgs'>): Promise<void>
  /** Ends it and removes its data, if the folder was not given. */
  stop(): Promise<void>
}

/** Starts one on a unix socket in a fresh folder, unless the options say otherwise. */
export async function startRedisServer(options: RedisServerOptions = {}): Promise<RedisServer> {
  const server = await findRedisServer()
  const dir = options.dir ?? (await mkdtemp(join(tmpdir(), 'dateline-redis-')))
  let settings: StartRedisOptions = { ...options, server, dir }
  const first = await startRedis(settings)
  let running: RunningRedis | undefined = first

  return {
    name: 'redis server',
    url: first.url,
    dir,
    async kill9() {
      await running?.kill()
      running = undefined
    },
    async restart(changes = {}) {
      await running?.stop()
      settings = { ...settings, ...changes }
      running = await startRedis(settings)
    },
    async stop() {
      await running?.stop()
      running = undefined
      if (options.dir === undefined) await rm(dir, { recursive: true, force: true })
    },
  }
}
