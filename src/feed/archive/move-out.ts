import { z } from 'zod'
import type { Keys, StateKeys } from '../../redis/keys.ts'
import type { ScriptedRedis } from '../../redis/scripts.ts'
import type { EventCopy } from './event-copy.ts'
import { STORED_PARTS, type StoredPart } from './event-parts.ts'

/** What goes beside the parts: all that there is of an event but `meta` and `event`, which say where it is. */
const OTHERS: Readonly<Record<Exclude<keyof StateKeys, StoredPart | 'meta' | 'event'>, true>> = {
  feed: true,
  updates: true,
  order: true,
  places: true,
  keyEvents: true,
  fingerprints: true,
  pending: true,
  purged: true,
}

const Moved = z.enum(['moved', 'changed'])

/** See Archives. */
export async function moveOut(
  { redis, keys }: { redis: ScriptedRedis; keys: Keys },
  { eventId, epoch, accepted, head, seq, chain, settings, sizes }: EventCopy,
  name: string,
): Promise<'moved' | 'changed'> {
  const live = keys.event(eventId)
  // move-out.lua looks into the first of them, the drafts.
  const parts = STORED_PARTS.map(({ part }) => part)
  const answer = await redis.dlMoveOut(
    live.meta,
    ...[...parts, ...(Object.keys(OTHERS) as (keyof typeof OTHERS)[])].map(part => live[part]),
    ...[name, epoch, accepted, head, seq, chain, settings],
    ...parts.map(part => sizes[part]),
  )
  return Moved.parse(answer)
}
