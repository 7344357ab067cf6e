import { access, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { withoutPassword } from '../../../redis/connect.ts'
import { readInfo } from '../../../redis/info.ts'

/** No answer within this time is none. */
export const ANSWER_MS = 3_000
/** Of so many looks at its clock, the one that came back soonest counts. */
const CLOCK_LOOKS = 5
/** By then a node that has any slots has been found one of them, all but surely. */
const MOST_PROBES = 300
const SETTINGS = ['maxmemory', 'appendfsync', 'dir', 'appenddirname', 'auto-aof-rewrite-percentage'] as const

export type MeasuredRedis =
  | { readonly isReachable: false; readonly at: string; readonly why: string }
  | ({ readonly isReachable: true } & RedisFacts)

export interface RedisFacts {
  /** Its address, without a password. */
  readonly at: string
  /** redis-cli with what it needs to reach it, but for a password. */
  readonly cli: string
  /** By the names of its INFO. */
  readonly info: ReadonlyMap<string, string>
  /** By the names of CONFIG GET; undefined where it is forbidden. */
  readonly settings: ReadonlyMap<string, string> | undefined
  /** What it said to a write, when it refused it. */
  readonly refusesWrites: string | undefined
  /** Undefined where TIME is forbidden. */
  readonly clock: Clock | undefined
  readonly disk: Disk
}

/** How far a clock is ahead of this machine's, give or take half the time that the answer took. */
export interface Clock {
  readonly aheadMs: number
  readonly roundTripMs: number
}

/** Where it keeps its append-only file. */
export type Disk =
  | { readonly isSeen: true; readonly dir: string; readonly freeBytes: number }
  | { readonly isSeen: false; readonly why: string }

export interface MeasureRedisOptions {
  /** A key that may be written, and expires. */
  readonly writeProbe: string
  /** This machine's clock, in ms since 1970. */
  now(): number
}

/** Looks at a Redis as it is; writes nothing but the probe. Never throws for what it finds. */
export async function measureRedis(url: string, options: MeasureRedisOptions): Promise<MeasuredRedis> {
  const at = withoutPassword(url)
  const redis = new Redis(url, {
    ...{ lazyConnect: true, retryStrategy: () => null, connectTimeout: ANSWER_MS, commandTimeout: ANSWER_MS },
    // As old a Redis as there may be is looked at: nothing that only newer ones know is sent unasked.
    ...{ protocol: 2, disableClientInfo: true, enableReadyCheck: false, maxRetriesPerRequest: 0 },
  })
  let trouble: Error | undefined
  redis.on('error', error => {
    trouble = error
  })
  try {
    await redis.connect()
    return { isReachable: true, at, ...(await lookAt(redis, url, at, options)) }
  } catch (error) {
    return { isReachable: false, at, why: reasonOf(trouble ?? error) }
  } finally {
    redis.disconnect()
  }
}

async function lookAt(redis: Redis, url: string, at: string, { writeProbe, now }: MeasureRedisOptions) {
  const info = await readInfo(redis)
  const settings = await readSettings(redis)
  return {
    cli: at.startsWith('/') ? `redis-cli -s ${at}` : `redis-cli -u ${at}`,
    info,
    settings,
    refusesWrites: await probeWrites(redis, writeProbe),
    clock: await readClock(redis, now),
    disk: await lookAtDisk(url, info, settings),
  }
}

/** What it says to a write. A node of a cluster takes keys of its own slots only: some other key is its. */
async function probeWrites(redis: Redis, writeProbe: string): Promise<string | undefined> {
  for (let other = 0; ; other++) {
    const key = other === 0 ? writeProbe : writeProbe.replace('{', `{${other}-`)
    const refusal = await redis.set(key, '1', 'PX', 1_000).then(() => undefined, reasonOf)
    if (other === MOST_PROBES || refusal?.startsWith('MOVED ') !== true) return refusal
  }
}

/** One by one: before 7.0 it takes no more names at a time, and a name that it does not know is no fault. */
async function readSettings(redis: Redis): Promise<ReadonlyMap<string, string> | undefined> {
  const settings = new Map<string, string>()
  for (const name of SETTINGS) {
    const answer = await redis.config('GET', name).catch(onlyRefused)
    if (!Array.isArray(answer)) return undefined
    if (answer[1] !== undefined) settings.set(name, String(answer[1]))
  }
  return settings
}

function onlyRefused(error: unknown): undefined {
  if (error instanceof Error && error.name === 'ReplyError') return undefined
  throw error
}

async function readClock(redis: Redis, now: () => number): Promise<Clock | undefined> {
  let best: Clock | undefined
  for (let look = 0; look < CLOCK_LOOKS; look++) {
    const before = now()
    const time = await redis.time().catch(onlyRefused)
    if (time === undefined) return undefined
    const after = now()
    const aheadMs = Number(time[0]) * 1_000 + Number(time[1]) / 1_000 - (before + after) / 2
    const roundTripMs = after - before
    if (best === undefined || roundTripMs < best.roundTripMs) best = { aheadMs: Math.round(aheadMs), roundTripMs }
  }
  return best
}

async function lookAtDisk(
  url: string,
  info: ReadonlyMap<string, string>,
  settings: ReadonlyMap<string, string> | undefined,
): Promise<Disk> {
  if (!isOnThisMachine(url)) return { isSeen: false, why: 'it is on another machine' }
  const dir = settings?.get('dir')
  if (dir === undefined) return { isSeen: false, why: 'it does not tell its folder (CONFIG GET is forbidden)' }
  const hasFolder = info.get('aof_enabled') === '1' && settings?.get('appenddirname') !== undefined
  try {
    // A container has a file system of its own: the folder must be the one that Redis writes to.
    if (hasFolder) await access(join(dir, settings?.get('appenddirname') ?? ''))
    const { bavail, bsize } = await statfs(dir)
    return { isSeen: true, dir, freeBytes: bavail * bsize }
  } catch {
    return { isSeen: false, why: `its folder ${dir} is not on this machine, or not to be seen by this user` }
  }
}

function isOnThisMachine(url: string): boolean {
  return url.startsWith('/') || ['localhost', '127.0.0.1', '[::1]'].includes(new URL(url).hostname)
}

/** In a sentence's part, such as `connect ECONNREFUSED 127.0.0.1:6379`. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  // Of several addresses that were tried, Node tells each.
  const first = error instanceof AggregateError ? error.errors[0] : undefined
  return first instanceof Error ? first.message : error.message
}
