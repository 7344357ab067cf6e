import { bytesText, type Finding, fail, ok, warn } from './finding.ts'
import type { RedisFacts } from './measure-redis.ts'

export interface RoomLimits {
  readonly isProduction: boolean
  /** The disk of the append-only file must have so much free. */
  readonly minFreeBytes: number
  /** When Redis' memory is full, if it grows on as it did; undefined when nobody can tell. */
  readonly fullAt: Date | undefined
  readonly now: Date
}

const NEARLY_FULL = 0.95
const FILLING = 0.8
const DAY_MS = 86_400_000
/** Of a machine's memory, this much is for Redis' data: a rewrite of its file needs some beside it. */
const SHARE = 0.6

/** Pure: whether memory lasts. Feeds are never trimmed. */
export function judgeMemory({ info, cli }: RedisFacts, limits: RoomLimits): Finding[] {
  const used = Number(info.get('used_memory') ?? 0)
  const most = Number(info.get('maxmemory') ?? 0)
  if (most === 0) return [judgeUnlimited(used, info, cli, limits)]
  const share = used / most
  const says = `Redis uses ${bytesText(used)} of ${bytesText(most)}, ${Math.round(share * 100)} %.`
  const remedy = `${cli} CONFIG SET maxmemory <more>, and in redis.conf, while the machine has room; else move to a larger one.`
  if (share >= NEARLY_FULL) return [fail('redis-memory', `${says} When it is full, writes are answered 503.`, remedy)]
  const memory = share >= FILLING ? warn('redis-memory', says, remedy) : ok('redis-memory', says)
  return [memory, ...judgeForecast(limits, remedy)]
}

function judgeForecast({ fullAt, now }: RoomLimits, remedy: string): Finding[] {
  if (fullAt === undefined) return []
  const days = (fullAt.getTime() - now.getTime()) / DAY_MS
  const says = `If it grows on as in the last hour, Redis' memory is full at ${fullAt.toISOString()}.`
  if (days <= 1) return [fail('redis-memory-forecast', says, remedy)]
  return [days <= 7 ? warn('redis-memory-forecast', says, remedy) : ok('redis-memory-forecast', says)]
}

function judgeUnlimited(used: number, info: RedisFacts['info'], cli: string, { isProduction }: RoomLimits): Finding {
  const says = `Redis uses ${bytesText(used)}, and has no maxmemory: on a full machine the system ends it instead of it refusing writes.`
  if (!isProduction) return ok('redis-memory', says)
  const machine = Number(info.get('total_system_memory') ?? 0)
  const mb = machine === 0 ? '<MB>' : String(Math.floor((machine * SHARE) / 1_024 ** 2))
  return warn('redis-memory', says, `${cli} CONFIG SET maxmemory ${mb}mb, and in redis.conf: maxmemory ${mb}mb`)
}

/** Pure: whether there is room for the append-only file to grow and to be rewritten. */
export function judgeDisk({ disk, info }: RedisFacts, { minFreeBytes }: RoomLimits): Finding {
  if (!disk.isSeen) {
    return warn(
      'redis-disk',
      `The disk of Redis cannot be looked at: ${disk.why}.`,
      'Run dateline doctor on the machine of Redis, too.',
    )
  }
  const says = `The disk of ${disk.dir} has ${bytesText(disk.freeBytes)} free.`
  const remedy = `Make room there, or move it to a larger disk, until over ${bytesText(minFreeBytes)} are free (--min-free).`
  if (disk.freeBytes < minFreeBytes) {
    return fail('redis-disk', `${says} When it is full, Redis takes no writes (everysec) or ends (always).`, remedy)
  }
  const fileBytes = Number(info.get('aof_current_size') ?? 0)
  if (disk.freeBytes >= minFreeBytes + fileBytes) return ok('redis-disk', says)
  return warn(
    'redis-disk',
    `${says} A rewrite of its append-only file needs up to ${bytesText(fileBytes)} beside it.`,
    remedy,
  )
}
