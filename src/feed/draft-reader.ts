import { z } from 'zod'
import type { Event } from '../protocol/event.ts'
import { DEFAULT_SETTINGS, NormalizationNote, type SettingsNow } from '../protocol/normalization.ts'
import { DraftContent, Update } from '../protocol/update.ts'
import type { Keys } from '../redis/keys.ts'
import type { ScriptedRedis } from '../redis/scripts.ts'
import { AcceptedEvent, AcceptedSettings, AcceptedUpdate, readAccepted } from './accepted-drafts.ts'
import type { StoredEvents } from './archive/stored-events.ts'

/** What is known of one update to those who edit. */
export interface UpdateDesk {
  /** As last accepted; undefined when there is no such update. */
  readonly accepted: AcceptedUpdate | undefined
  /** As readers see it, what was typed for that, and what was done to it. */
  readonly published: { readonly update: Update; readonly raw: DraftContent | undefined } | undefined
  readonly normalization: NormalizationNote[]
}

export type DraftReader = ReturnType<typeof createDraftReader>

/** What was typed and how it is cleaned: for those who edit, never for readers. */
export function createDraftReader(needs: { redis: ScriptedRedis; keys: Keys; stored: StoredEvents }) {
  const { redis, keys, stored } = needs
  return {
    /** The event as last accepted, and how its updates are cleaned. Undefined when there is no such event. */
    async event(eventId: string): Promise<{ event: Event; settings: SettingsNow } | undefined> {
      const here = await redis.hmget(keys.event(eventId).drafts, 'event', 'normalization')
      const [accepted, settings] = here[0] === null ? await storedEvent(stored, eventId) : here
      const event = readAccepted(AcceptedEvent, accepted)?.event
      if (event === undefined) return undefined
      return { event, settings: readAccepted(AcceptedSettings, settings) ?? { version: 0, settings: DEFAULT_SETTINGS } }
    },

    /** All of one moment. Undefined when there is no such event. */
    async update(eventId: string, updateId: string): Promise<UpdateDesk | undefined> {
      const { drafts, desk, updates } = keys.event(eventId)
      const results = await redis
        .multi()
        .hmget(drafts, 'event', updateId)
        .hget(desk, updateId)
        .hget(updates, updateId)
        .exec()
      const here = Moment.parse((results ?? []).map(([error, value]) => error ?? value))
      const [[event, accepted], record, published] =
        here[0][0] === null ? await storedUpdate(stored, eventId, updateId) : here
      if (event === null) return undefined
      const { raw, normalization } = readAccepted(DeskRecord, record) ?? { raw: undefined, normalization: [] }
      const update = readAccepted(Update, published)
      return {
        accepted: readAccepted(AcceptedUpdate, accepted),
        published: update === undefined ? undefined : { update, raw },
        normalization,
      }
    },
  }
}

/** What stands in the archive store, in the form in which Redis answers. */
async function storedEvent(stored: StoredEvents, eventId: string) {
  const found = await stored.useIfStored(eventId, event =>
    Promise.all([event.field('drafts', 'event'), event.field('drafts', 'normalization')]),
  )
  return found ?? [undefined, undefined]
}

async function storedUpdate(stored: StoredEvents, eventId: string, updateId: string): Promise<Moment> {
  const found = await stored.useIfStored(eventId, async event => {
    const drafts = await Promise.all([event.field('drafts', 'event'), event.field('drafts', updateId)])
    return [drafts, await event.field('desk', updateId), await event.update(updateId)] as const
  })
  const [[event, accepted], record, update] = found ?? [[], undefined, undefined]
  return [[event ?? null, accepted ?? null], record ?? null, update ?? null]
}

const Json = z.string().nullable()
type Moment = z.infer<typeof Moment>
const Moment = z.tuple([z.tuple([Json, Json]), Json, Json])
/** What `desk` holds of an update. */
export const DeskRecord = z.object({ raw: DraftContent, normalization: z.array(NormalizationNote) })
