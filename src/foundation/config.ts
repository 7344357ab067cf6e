import { z } from 'zod'
import { areNetworks } from './http/client-address.ts'
import { readRedisAddress } from './redis-address.ts'

const Origins = z
  .string()
  .default('')
  .transform(text => text.split(/[\s,]+/).filter(origin => origin !== ''))
  .refine(list => list.every(origin => URL.canParse(origin) && new URL(origin).origin === origin), {
    message: 'Must be origins such as https://news.example, separated by commas.',
  })

/** Pages of any site, or of those that are listed. */
const Sites = z.union([z.literal('*').transform(() => ['*']), Origins])

/** How many proxies stand in front, or which addresses are theirs; 0: none. */
const Proxies = z
  .string()
  .default('0')
  .transform(text => (/^\d{1,2}$/.test(text) ? Number(text) : text.split(/[\s,]+/).filter(each => each !== '')))
  .refine(proxies => typeof proxies === 'number' || areNetworks(proxies), {
    message: 'Must be how many proxies stand in front, or their addresses such as 10.0.0.0/8, loopback, uniquelocal.',
  })

const limit = (byDefault: number, most = 1_000_000) => z.coerce.number().int().min(0).max(most).default(byDefault)

const PublicUrl = z
  .string()
  .regex(/^https?:\/\/[^/?#]+$/, 'Must be http:// or https:// with a host and no path.')
  .optional()

const Environment = z.object({
  NODE_ENV: z.enum(['development', 'production', 'test']).default('development'),
  REDIS_URL: z
    .string()
    .refine(url => readRedisAddress(url) !== undefined, {
      message:
        'Must be redis://host:port, rediss://host:port or the path of a unix socket; of a cluster several hosts, ' +
        'separated by commas; or redis-sentinel://host:port,host:port/name.',
    })
    .default('redis://127.0.0.1:6379'),
  KEY_PREFIX: z
    .string()
    .regex(/^[a-z0-9-]{1,60}$/, 'Must be a-z, 0-9 and -, at most 60 characters.')
    .default('dl'),
  PORT: z.coerce.number().int().min(0).max(65_535).default(3_000),
  HOST: z.string().min(1).default('127.0.0.1'),
  METRICS_PORT: z.coerce.number().int().min(0).max(65_535).optional(),
  DATA_DIR: z.string().min(1).default('data'),
  GATEWAY_URL: PublicUrl,
  JWT_SECRET: z.string().min(32, 'Must have at least 32 characters.').optional(),
  TOKEN_MAX_DAYS: z.coerce.number().int().min(1).max(3_650).default(366),
  COMMIT_HEAD_WAIT_MS: z.coerce.number().int().min(1).max(600_000).default(2_000),
  REPLAY_CONCURRENCY: z.coerce.number().int().min(1).max(1_000).default(20),
  WORKER_CONCURRENCY: z.coerce.number().int().min(1).max(1_000).default(20),
  IDEMPOTENCY_HOURS: z.coerce.number().int().min(1).max(720).default(24),
  ARCHIVE_DIR: z.string().min(1).default('data/archive'),
  BACKUP_DIR: z.string().min(1).default('data/backups'),
  BACKUP_EVERY_HOURS: z.coerce.number().min(0).max(8_760).default(0),
  BACKUP_KEEP: z.coerce.number().int().min(1).max(10_000).default(14),
  ARCHIVE_MAX_MB: z.coerce.number().int().min(1).max(1_000_000).default(2_048),
  PUBLIC_ORIGINS: Origins,
  READ_ORIGINS: Sites,
  MEDIA_ORIGINS: Origins,
  TRUST_PROXY: Proxies,
  LIMIT_POSTS_PER_S: limit(300),
  LIMIT_POSTS_AT_ONCE: limit(1_000),
  LIMIT_PREVIEWS_PER_MIN: limit(600),
  LIMIT_HANDSHAKES_PER_ADDRESS: limit(5_000),
  LIMIT_SOCKETS_PER_S: limit(1_000),
  LIMIT_STREAMS_PER_ADDRESS: limit(5_000),
  LIMIT_POLLS_PER_ADDRESS: limit(5_000),
  LIMIT_JOINS_PER_SOCKET: limit(100),
  LIMIT_REQUESTS_PER_SOCKET: limit(200),
  LIMIT_BAD_PACKETS: limit(20),
  JOIN_WITHIN_MS: limit(5_000, 600_000),
  STAY_UNJOINED_MS: limit(60_000, 86_400_000),
  DRAIN_MS: z.coerce.number().int().min(0).max(600_000).default(1_000),
  DATELINE_URL: z
    .string()
    .regex(/^https?:\/\/[^/?#]+\/?$/, 'Must be http:// or https:// with a host and no path.')
    .optional(),
  DATELINE_TOKEN: z.string().max(4_096).optional(),
  OTEL_EXPORTER_OTLP_ENDPOINT: z.url({ protocol: /^https?$/, error: 'Must be an http or https URL.' }).optional(),
  OTEL_TRACES_SAMPLER_ARG: z.coerce.number().min(0).max(1).default(1),
  INIT_CWD: z.string().optional(),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
})

export type Config = Readonly<ReturnType<typeof readConfig>>

/**
 * The only reader of the environment. Everyone else is handed the part of Config they need.
 * An empty variable counts as unset. Throws one error that names every variable that is wrong.
 */
export function readConfig(env: NodeJS.ProcessEnv) {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''))
  const parsed = Environment.safeParse(given)
  const faults = parsed.success ? [] : parsed.error.issues.map(issue => `${issue.path.join('.')}: ${issue.message}`)
  if (given['NODE_ENV'] === 'production' && given['JWT_SECRET'] === undefined) {
    faults.push('JWT_SECRET: is needed in production; make one with: openssl rand -hex 32')
  }
  if (!parsed.success || faults.length > 0) throw new StartError(`Bad environment:\n  ${faults.join('\n  ')}`)
  const e = parsed.data
  return {
    environment: e.NODE_ENV,
    redis: { url: e.REDIS_URL, prefix: e.KEY_PREFIX },
    http: {
      port: e.PORT,
      host: e.HOST,
      publicOrigins: e.PUBLIC_ORIGINS,
      /** Whose pages may read what is public. */
      readOrigins: [...e.READ_ORIGINS, ...e.PUBLIC_ORIGINS],
      trustProxy: e.TRUST_PROXY,
    },
    /** Of each, 0 is none. */
    limits: {
      postsPerS: e.LIMIT_POSTS_PER_S,
      postsAtOnce: e.LIMIT_POSTS_AT_ONCE,
      previewsPerMin: e.LIMIT_PREVIEWS_PER_MIN,
      handshakesPerAddress: e.LIMIT_HANDSHAKES_PER_ADDRESS,
      socketsPerS: e.LIMIT_SOCKETS_PER_S,
      streamsPerAddress: e.LIMIT_STREAMS_PER_ADDRESS,
      pollsPerAddress: e.LIMIT_POLLS_PER_ADDRESS,
      joinsPerSocket: e.LIMIT_JOINS_PER_SOCKET,
      requestsPerSocket: e.LIMIT_REQUESTS_PER_SOCKET,
      badPackets: e.LIMIT_BAD_PACKETS,
      joinWithinMs: e.JOIN_WITHIN_MS,
      stayUnjoinedMs: e.STAY_UNJOINED_MS,
    },
    metrics: { port: e.METRICS_PORT },
    pages: { gatewayUrl: e.GATEWAY_URL, mediaOrigins: e.MEDIA_ORIGINS },
    auth: { secret: e.JWT_SECRET, dataDir: e.DATA_DIR, maxLifeMs: e.TOKEN_MAX_DAYS * 86_400_000 },
    accept: { idempotencyMs: e.IDEMPOTENCY_HOURS * 3_600_000 },
    commit: { headWaitMs: e.COMMIT_HEAD_WAIT_MS },
    worker: { concurrency: e.WORKER_CONCURRENCY, replays: e.REPLAY_CONCURRENCY },
    gateway: { drainMs: e.DRAIN_MS },
    archive: { dir: e.ARCHIVE_DIR, maxBytes: e.ARCHIVE_MAX_MB * 1_024 * 1_024 },
    backup: { dir: e.BACKUP_DIR, everyMs: e.BACKUP_EVERY_HOURS * 3_600_000, keep: e.BACKUP_KEEP },
    traces: { endpoint: e.OTEL_EXPORTER_OTLP_ENDPOINT, share: e.OTEL_TRACES_SAMPLER_ARG },
    log: { level: e.LOG_LEVEL },
    /** What commands at a terminal speak to, and as whom, unless an option says otherwise. */
    cli: { url: e.DATELINE_URL, token: e.DATELINE_TOKEN },
    /** Where the user stands: npm runs its scripts in the project's folder, and says so in INIT_CWD. */
    cwd: e.INIT_CWD ?? '.',
  }
}

/** Why a process will not start, as a sentence that says what to do. */
export class StartError extends Error {
  override readonly name = 'StartError'
}
