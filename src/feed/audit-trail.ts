import type { Keys } from '../redis/keys.ts'
import type { ScriptedRedis } from '../redis/scripts.ts'

/** What somebody in ops did to an event, beside the feed itself. */
export interface AuditEntry {
  /** Place in the trail: `<ms>-<n>`, as Redis numbers a stream. */
  readonly id: string
  readonly at: string
  readonly by: { readonly sub: string; readonly name: string }
  readonly action: string
  readonly requestId: string
  readonly detail: Readonly<Record<string, unknown>>
}

export type AuditTrail = ReturnType<typeof createAuditTrail>

/** So many entries are kept of an event, the newest. */
const KEPT = 10_000

/** Who did what and when: rebroadcasts, replays ... Written before the act is answered. */
export function createAuditTrail({ redis, keys }: { redis: ScriptedRedis; keys: Keys }) {
  return {
    async record(eventId: string, entry: Omit<AuditEntry, 'id' | 'at'>, now: Date): Promise<void> {
      const text = JSON.stringify({ at: now.toISOString(), ...entry })
      await redis.xadd(keys.event(eventId).audit, 'MAXLEN', '~', KEPT, '*', 'entry', text)
    },

    /** Newest first, those before `before` (an id) only. */
    async page(eventId: string, limit: number, before?: string): Promise<{ entries: AuditEntry[]; complete: boolean }> {
      const from = before === undefined ? '+' : `(${before}`
      const found = await redis.xrevrange(keys.event(eventId).audit, from, '-', 'COUNT', limit + 1)
      const entries = found.map(([id, fields]) => ({ id: String(id), ...JSON.parse(String(fields[1])) }) as AuditEntry)
      return { entries: entries.slice(0, limit), complete: entries.length <= limit }
    },
  }
}
