import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import type { Logger } from '../../foundation/logger.ts'
import type { ArchiveManifest } from '../../protocol/archive.ts'
import type { Entry } from '../../protocol/entry.ts'
import type { EventStatus } from '../../protocol/event.ts'
import type { Keys, StateKeys } from '../../redis/keys.ts'
import type { ScriptedRedis } from '../../redis/scripts.ts'
import { newEpoch } from '../new-epoch.ts'
import { standingOf } from '../standing-update.ts'
import { ASIDE_MS, keepAside } from './aside-keys.ts'
import { type Field, STORED_PARTS, type StoredPart } from './event-parts.ts'

/** One entry with its line, as committed. */
export interface EntryLine {
  readonly entry: Entry
  readonly line: string
}

/** What the event is when it comes into force, beside what was put aside. */
export interface StagedEnd {
  readonly counts: ArchiveManifest['counts']
  /** Entries that were taken down. */
  readonly purged: number
  readonly chain: string
  /** When the first and the last entry were committed. */
  readonly createdAt: string
  readonly at: string
  readonly eventVersion: number
  readonly accepted: number
  readonly head: number
  readonly status: EventStatus
}

/** Whether the event is replaced if there is one; or only if it is in the archive store under this name. */
export type Replace = boolean | { readonly storedAs: string }

/** An event that is being put together where nobody reads it. */
export interface EventStaging {
  entries(batch: readonly EntryLine[]): Promise<void>
  fields(part: StoredPart | 'tombstones', batch: readonly Field[]): Promise<void>
  /** Puts it in force under a new epoch, in one step. `lost`: Redis was away for so long that it expired. */
  adopt(end: StagedEnd, replace: Replace): Promise<'adopted' | 'event-exists' | 'lost'>
  drop(): Promise<void>
}

/** Every key of an event's state but `pending` (the outbox makes it anew) and `fingerprints`. The first is `meta`. */
const ADOPTED = [
  ...(['meta', 'feed', 'event', 'updates', 'order', 'places', 'keyEvents', 'purged'] as const),
  ...STORED_PARTS.map(({ part }) => part),
] as const satisfies readonly (keyof StateKeys)[]

export function stageEvent(needs: { redis: ScriptedRedis; keys: Keys; log: Logger }, eventId: string): EventStaging {
  const { redis, keys } = needs
  const live = keys.event(eventId)
  const aside = live.aside(randomUUID())
  const { drop } = keepAside(
    needs,
    ADOPTED.map(name => aside[name]),
  )

  return {
    drop,
    async entries(batch) {
      const { feed, event, updates, order, places, keyEvents, purged } = aside
      const values = batch.flatMap(stagedEntry)
      await redis.dlStageEntries(feed, event, updates, order, places, keyEvents, purged, ASIDE_MS, ...values)
    },
    async fields(part, batch) {
      const key = part === 'tombstones' ? aside.updates : aside[part]
      const type = STORED_PARTS.find(stored => stored.part === part)?.type ?? 'hash'
      await redis.dlStageFields(key, ASIDE_MS, type, ...batch.flat())
    },
    async adopt(end, replace) {
      const { accepted, head, chain, at, eventVersion, status } = end
      const meta = { accepted, head, seq: end.counts.entries, chain, at, eventVersion, status, epoch: newEpoch() }
      await redis.multi().hset(aside.meta, meta).pexpire(aside.meta, ASIDE_MS).exec()
      // Listed first: an id without an event shows nowhere, but an event that is not listed would not be swept.
      await redis.zadd(keys.index, 'NX', Date.parse(end.createdAt), eventId)
      const answer = await redis.dlAdoptImport(
        live.meta,
        live.pending,
        live.fingerprints,
        ...ADOPTED.map(name => aside[name]),
        ...ADOPTED.map(name => live[name]),
        typeof replace === 'object' ? replace.storedAs : replace ? 1 : 0,
        ...ADOPTED.map(name => expectedSize(name, end, Object.keys(meta).length)),
      )
      return Adopted.parse(answer)
    },
  }
}

const Adopted = z.enum(['adopted', 'event-exists', 'lost'])

/** ARGV of stage-entries.lua for one entry. */
function stagedEntry({ entry, line }: EntryLine): (string | number)[] {
  switch (entry.type) {
    case 'event':
      return [entry.seq, line, 'event', entry.acceptNumber, '', JSON.stringify(entry.event), '', '']
    case 'purged':
      return [entry.seq, line, 'purge', 0, entry.updateId, '', '', '']
    case 'retracted':
      // Its tombstone follows, and takes the place of this.
      return [entry.seq, line, 'retract', entry.acceptNumber, entry.updateId, '{}', '', '']
    default: {
      const { json, sortMs, keyEvent = '' } = standingOf(entry.update)
      return [entry.seq, line, 'publish', entry.acceptNumber, entry.update.id, json, sortMs, keyEvent]
    }
  }
}

function expectedSize(name: (typeof ADOPTED)[number], { counts, purged }: StagedEnd, metaFields: number): number {
  switch (name) {
    case 'meta':
      return metaFields
    case 'feed':
      return counts.entries - purged
    case 'purged':
      return purged
    case 'event':
      return 1
    case 'updates':
    case 'places':
      return -1
    case 'order':
      return counts.updates
    default:
      return counts[name]
  }
}
