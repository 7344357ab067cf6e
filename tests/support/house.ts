import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createTokens, type Role } from '../../src/foundation/tokens.ts'
import { type DatelineProcess, keptPort, startDateline } from './dateline-process.ts'
import { type RedisServer, type RedisServerOptions, startRedisServer } from './redis-server.ts'

export type HousePart = 'api' | 'gateway' | 'worker'

export interface House {
  readonly redis: RedisServer
  readonly secret: string
  /** What each process is given, besides its own port. */
  readonly env: Readonly<Record<string, string>>
  /** Where the processes of a part serve HTTP; those of a worker are for /metrics. They keep it over a restart. */
  urls(part: HousePart): string[]
  process(part: HousePart, number: number): DatelineProcess
  /** Starts the n-th of a part, counted from 0; of the release in a folder, or of this tree. */
  start(part: HousePart, number: number, release?: string): Promise<DatelineProcess>
  /** With SIGTERM, as a rolling upgrade does. */
  stopOne(part: HousePart, number: number): Promise<void>
  kill9(part: HousePart, number: number): Promise<void>
  token(...roles: Role[]): Promise<string>
  /** Stops everything, and removes what it left. */
  close(): Promise<void>
}

export interface HouseOptions {
  readonly apis?: number
  readonly gateways?: number
  readonly workers?: number
  readonly env?: Readonly<Record<string, string>>
  /** What the processes of one part are given besides. */
  readonly envOf?: Partial<Record<HousePart, Readonly<Record<string, string>>>>
  readonly redis?: RedisServerOptions
  /** The release of its first processes. */
  readonly release?: string
}

/** Real processes of each part, with a Redis of their own. */
export async function startHouse(options: HouseOptions = {}): Promise<House> {
  const dir = await mkdtemp(join(tmpdir(), 'dateline-house-'))
  const redis = await startRedisServer(options.redis ?? {})
  const secret = randomBytes(32).toString('hex')
  const env = { REDIS_URL: redis.url, JWT_SECRET: secret, DATA_DIR: dir, DRAIN_MS: '0', ...options.env }
  const { sign } = createTokens(secret)
  const counts = { api: options.apis ?? 1, gateway: options.gateways ?? 1, worker: options.workers ?? 1 }
  const ports = new Map<string, string>()
  const running = new Map<string, DatelineProcess>()

  async function start(part: HousePart, number: number, release?: string): Promise<DatelineProcess> {
    const name = `${part} ${number}`
    const port = ports.get(name) ?? String(await keptPort())
    ports.set(name, port)
    const own = part === 'worker' ? { METRICS_PORT: port, PORT: '0' } : { PORT: port }
    const ready = part === 'worker' ? { readyLog: /worker is ready/ } : {}
    const started = await startDateline({
      part,
      env: { ...env, ...options.envOf?.[part], ...own },
      ...ready,
      ...(release ? { release } : {}),
    })
    running.set(name, started)
    return started
  }

  async function close(): Promise<void> {
    await Promise.all([...running.values()].map(each => each.stop()))
    await redis.stop()
    await rm(dir, { recursive: true, force: true })
  }

  const house: House = {
    redis,
    secret,
    env,
    urls: part => Array.from({ length: counts[part] }, (_, n) => `http://127.0.0.1:${ports.get(`${part} ${n}`)}`),
    process(part, number) {
      const found = running.get(`${part} ${number}`)
      if (found === undefined) throw new Error(`there is no ${part} ${number}`)
      return found
    },
    start,
    async stopOne(part, number) {
      await house.process(part, number).stop()
    },
    async kill9(part, number) {
      await house.process(part, number).kill9()
    },
    token: (...roles) => sign({ sub: 'olga', name: 'Olga', roles }, '1h'),
    close,
  }
  try {
    for (const part of ['api', 'gateway', 'worker'] as const) {
      await Promise.all(Array.from({ length: counts[part] }, (_, n) => start(part, n, options.release)))
    }
  } catch (error) {
    await close()
    throw error
  }
  return house
}
