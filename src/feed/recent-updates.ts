import type { Keys } from '../redis/keys.ts'
import type { ScriptedRedis } from '../redis/scripts.ts'

/** What is remembered of an update for the duplicate alert. */
export interface RecentUpdate {
  readonly updateId: string
  /** Of its words, in hex digits: the worker makes it and compares it. */
  readonly fingerprint: string
  readonly acceptedAt: string
  /** Who published it. */
  readonly name: string
}

export interface RecentUpdates {
  /** The event's last published updates, newest first. */
  read(eventId: string): Promise<RecentUpdate[]>
}

export function createRecentUpdates({ redis, keys }: { redis: ScriptedRedis; keys: Keys }): RecentUpdates {
  return {
    async read(eventId) {
      const texts = await redis.lrange(keys.event(eventId).fingerprints, '0', '-1')
      return texts.flatMap(readRecent)
    },
  }
}

/** `<fingerprint> <updateId> <acceptedAt> <name>`: 200 of these are read for each update, so they are no JSON. */
export function formatRecent({ fingerprint, updateId, acceptedAt, name }: RecentUpdate): string {
  return `${fingerprint} ${updateId} ${acceptedAt} ${name}`
}

const RECENT = /^([0-9a-f]+) (\S+) (\S+) (.*)$/s

function readRecent(text: string): RecentUpdate[] {
  const [, fingerprint, updateId, acceptedAt, name] = RECENT.exec(text) ?? []
  if (fingerprint === undefined || updateId === undefined || acceptedAt === undefined) return []
  return [{ fingerprint, updateId, acceptedAt, name: name ?? '' }]
}
