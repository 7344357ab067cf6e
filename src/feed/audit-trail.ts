import type { Keys } from '../redis/keys.ts'
import type { ScriptedRedis } from '../redis/scripts.ts'

/** What somebody in ops did to an event beside the feed itself, or to all of Dateline. */
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

/** Who did what and when: rebroadcasts, replays ... Written before the act is answered; of some acts, by their script. */
export function createAuditTrail({ redis, keys }: { redis: ScriptedRedis; keys: Keys }) {
  async function record(trail: string, entry: Omit<AuditEntry, 'id' | 'at'>, now: Date): Promise<void> {
    await redis.xadd(trail, 'MAXLEN', '~', KEPT, '*', 'entry', deedText(entry, now))
  }

  async function page(trail: string, limit: number, before = ''): Promise<AuditPage> {
    const found = await redis.xrevrange(trail, before === '' ? '+' : `(${before}`, '-', 'COUNT', limit + 1)
    const entries = found.map(([id, fields]) => ({ id: String(id), ...JSON.parse(String(fields[1])) }) as AuditEntry)
    return { entries: entries.slice(0, limit), complete: entries.length <= limit }
  }

  return {
    record: (eventId: string, entry: Omit<AuditEntry, 'id' | 'at'>, now: Date) =>
      record(keys.event(eventId).audit, entry, now),
    /** Newest first, those before `before` (an id) only. */
    page: (eventId: string, limit: number, before?: string) => page(keys.event(eventId).audit, limit, before),
    /** What was done to Dateline itself, and to no one event: intake, processes, queues. */
    recordForAll: (entry: Omit<AuditEntry, 'id' | 'at'>, now: Date) => record(keys.audit, entry, now),
    pageForAll: (limit: number, before?: string) => page(keys.audit, limit, before),
  }
}

interface AuditPage {
  readonly entries: AuditEntry[]
  readonly complete: boolean
}

/** An entry as the stream has it. */
export function deedText({ by, action, requestId, detail }: Omit<AuditEntry, 'id' | 'at'>, now: Date): string {
  return JSON.stringify({ at: now.toISOString(), by: { sub: by.sub, name: by.name }, action, requestId, detail })
}
