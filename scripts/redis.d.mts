/** A Redis server program that runs here; `env` is added to the environment it is started with. */
export interface RedisProgram {
  readonly path: string
  readonly env: Readonly<Record<string, string>>
}

export type RedisAddress = { readonly path: string } | { readonly host: string; readonly port: number }

export interface RunningRedis {
  /** For REDIS_URL: the path of the unix socket, or redis://127.0.0.1:port. */
  readonly url: string
  readonly pid: number
  readonly address: RedisAddress
  /** Writes its data out and waits for the end of the process. */
  stop(): Promise<void>
  /** kill -9, and waits for the end of the process. */
  kill(): Promise<void>
}

export interface StartRedisOptions {
  readonly server: RedisProgram
  /** Where its append-only file, its log and, by default, its socket are; made when absent. */
  readonly dir: string
  /** Listen on this loopback port instead of a unix socket. */
  readonly port?: number
  readonly unixSocket?: string
  readonly appendfsync?: 'always' | 'everysec' | 'no'
  /** More of redis-server's own options, such as ['--maxmemory', '10mb']; a later one wins. */
  readonly extraArgs?: readonly string[]
  /** Aborting it ends a start that is not ready yet. */
  readonly signal?: AbortSignal
}

export function findRedisServer(options?: {
  install?: boolean
  log?: (line: string) => void
  signal?: AbortSignal
}): Promise<RedisProgram>
export function startRedis(options: StartRedisOptions): Promise<RunningRedis>
export function findRunning(options: { dir: string }): Promise<RunningRedis | undefined>
