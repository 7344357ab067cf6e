import { OLDEST_REDIS_MAJOR } from '../../../redis/connect.ts'
import { type Finding, fail, ok, warn } from './finding.ts'
import { judgeReplication } from './judge-replication.ts'
import { judgeDisk, judgeMemory, type RoomLimits } from './judge-room.ts'
import { judgeTime, type TimeLimits } from './judge-time.ts'
import type { MeasuredRedis, RedisFacts } from './measure-redis.ts'

export type RedisLimits = RoomLimits & TimeLimits

/** Pure: whether a Redis keeps what Dateline hands it. */
export function judgeRedis(redis: MeasuredRedis, limits: RedisLimits): Finding[] {
  if (!redis.isReachable) return [unreachable(redis.at, redis.why)]
  return [
    ok('redis', `Redis answers at ${redis.at}.`),
    judgeVersion(redis),
    judgeEviction(redis),
    ...judgeAppendOnly(redis),
    judgeWrites(redis),
    ...judgeReplication(redis),
    ...judgeMemory(redis, limits),
    judgeDisk(redis, limits),
    ...judgeTime(redis.clock, limits),
  ]
}

function unreachable(at: string, why: string): Finding {
  const says = `Redis does not answer at ${at}: ${why}. Writes are answered 503, and no feed can be read.`
  if (/NOAUTH|WRONGPASS|AUTH/.test(why))
    return fail('redis', says, 'Put its name and password into REDIS_URL: redis://name:password@host:port')
  if (/LOADING/.test(why)) return fail('redis', says, 'It is reading back its data. Wait, and look again.')
  return fail(
    'redis',
    says,
    'Start it, or set REDIS_URL to where it is. Without REDIS_URL, npm start runs a Redis of its own.',
  )
}

function judgeVersion({ info }: RedisFacts): Finding {
  const version = info.get('redis_version') ?? 'unknown'
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (!(major >= OLDEST_REDIS_MAJOR)) {
    const why = `Dateline does not start on it: it needs ${OLDEST_REDIS_MAJOR}.0, for sharded pub/sub.`
    return fail(
      'redis-version',
      `Redis ${version} is too old. ${why}`,
      `Upgrade Redis to ${OLDEST_REDIS_MAJOR}.0 or newer.`,
    )
  }
  const canWait = major > 7 || minor >= 2
  return ok('redis-version', `Redis ${version}${canWait ? '' : ', which has no WAITAOF (7.2)'}.`)
}

function judgeEviction({ info, cli }: RedisFacts): Finding {
  const policy = info.get('maxmemory_policy')
  if (policy === 'noeviction') return ok('redis-eviction', 'Redis evicts nothing: maxmemory-policy is noeviction.')
  return fail(
    'redis-eviction',
    `Redis throws away data when its memory is full: maxmemory-policy is ${policy ?? 'unknown'}. Dateline does not start on it.`,
    `${cli} CONFIG SET maxmemory-policy noeviction, and in redis.conf: maxmemory-policy noeviction`,
  )
}

function judgeAppendOnly({ info, settings, cli }: RedisFacts): Finding[] {
  if (info.get('aof_enabled') !== '1') {
    return [
      fail(
        'redis-aof',
        'Redis keeps no append-only file: a crash loses all since its last snapshot, if it makes any.',
        `${cli} CONFIG SET appendonly yes, and in redis.conf: appendonly yes. Then restart the processes of Dateline.`,
      ),
    ]
  }
  return [
    ok('redis-aof', 'Redis keeps an append-only file.'),
    judgeFsync(settings, cli),
    ...judgeRewrite(info, settings, cli),
  ]
}

function judgeFsync(settings: RedisFacts['settings'], cli: string): Finding {
  const fsync = settings?.get('appendfsync')
  const remedy = `${cli} CONFIG SET appendfsync everysec (or always), and the same in redis.conf`
  switch (fsync) {
    case 'always':
      return ok('redis-fsync', 'What was answered 202 is on disk: appendfsync is always.')
    case 'everysec':
      return ok(
        'redis-fsync',
        'A crash of its machine may lose up to the last second: appendfsync is everysec. always loses nothing.',
      )
    case 'no':
      return fail('redis-fsync', 'A crash of its machine may lose half a minute: appendfsync is no.', remedy)
    default:
      return warn(
        'redis-fsync',
        'Redis does not tell its appendfsync: CONFIG GET is forbidden. everysec is assumed.',
        `Ask whoever runs it, or allow it: ${cli} ACL SETUSER <name> +config|get`,
      )
  }
}

function judgeRewrite(info: RedisFacts['info'], settings: RedisFacts['settings'], cli: string): Finding[] {
  const findings: Finding[] = []
  if (settings?.get('auto-aof-rewrite-percentage') === '0') {
    const says =
      'Redis never rewrites its append-only file, which so grows without end: auto-aof-rewrite-percentage is 0.'
    findings.push(
      warn('redis-rewrite', says, `${cli} CONFIG SET auto-aof-rewrite-percentage 100 (a backup may have left it so)`),
    )
  }
  if (info.get('aof_last_bgrewrite_status') === 'err') {
    const says = 'Redis could not rewrite its append-only file the last time.'
    findings.push(
      warn(
        'redis-rewrite',
        says,
        'See its log. Usually the disk is full, or memory is short for a fork (vm.overcommit_memory=1).',
      ),
    )
  }
  return findings
}

/** What it says to a write says most of what is wrong with it. */
const REFUSALS: readonly (readonly [code: RegExp, remedy: string])[] = [
  [
    /^MISCONF/,
    'Its disk is full or cannot be written. Make room; it then takes writes again by itself. Its log says more.',
  ],
  [/^OOM/, 'Its memory is full. Raise maxmemory (CONFIG SET maxmemory ..., and in redis.conf).'],
  [/^READONLY/, 'It is a replica: point REDIS_URL at the primary.'],
  [/^NOREPLICAS/, 'Too few of its replicas follow it (min-replicas-to-write). Start them, or lower that setting.'],
  [/^NOPERM/, "Its user may not write Dateline's keys: allow them with ACL SETUSER, or use another user."],
]

function judgeWrites({ refusesWrites, info }: RedisFacts): Finding {
  if (refusesWrites !== undefined) {
    const remedy = REFUSALS.find(([code]) => code.test(refusesWrites))?.[1] ?? 'See its log.'
    return fail('redis-writes', `Redis takes no writes, and editors are answered 503: ${refusesWrites}`, remedy)
  }
  if (info.get('aof_last_write_status') === 'err') {
    return fail('redis-writes', 'Redis could not write its append-only file the last time.', REFUSALS[0]?.[1] ?? '')
  }
  return ok('redis-writes', 'Redis takes writes.')
}
