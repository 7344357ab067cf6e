import { Refusal } from '../foundation/errors.ts'
import type { Event } from '../protocol/event.ts'
import { DEFAULT_SETTINGS, type NormalizationSettings } from '../protocol/normalization.ts'
import { AcceptedEvent, AcceptedSettings, readAccepted } from './accepted-drafts.ts'

/** The fields of `drafts` that every submission about an update is made with. */
export const EVENT_FIELDS = ['event', 'normalization'] as const

/** The event as last accepted, and how its updates are cleaned. */
export interface EventNow {
  readonly event: Event
  readonly settings: NormalizationSettings
}

/** Takes the drafts of EVENT_FIELDS. Throws event-not-found. */
export function eventOf(
  { eventId }: { readonly eventId: string },
  [event, settings]: readonly (string | null)[],
): EventNow {
  const accepted = readAccepted(AcceptedEvent, event)
  if (accepted === undefined) throw new Refusal('event-not-found', `There is no event ${eventId}.`)
  return { event: accepted.event, settings: readAccepted(AcceptedSettings, settings)?.settings ?? DEFAULT_SETTINGS }
}

/** Pure: as a submission carries its event: local times and language are read with it. */
export function contextOf({ event, settings }: EventNow) {
  const { timeZone, inLanguage, coverageStartTime } = event
  return { timeZone, inLanguage, coverageStartTime, settings }
}
