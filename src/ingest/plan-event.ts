import type { AcceptedEvent } from '../feed/accepted-drafts.ts'
import { accept } from '../foundation/accept.ts'
import { Refusal } from '../foundation/errors.ts'
import { idFromHeadline } from '../foundation/event-id.ts'
import { mergePatch } from '../foundation/merge-patch.ts'
import { Event, type EventDraft, type EventPatch, type EventStatus, OPEN_STATUSES } from '../protocol/event.ts'

const DEFAULT_STATUS: EventStatus = 'live'

/** Pure: the event that a draft makes. `fallbackId` is taken when the headline has nothing to make a slug of. */
export function newEvent(draft: EventDraft, now: Date, fallbackId: string): Event {
  const at = now.toISOString()
  return Event.parse({
    ...draft,
    id: draft.id ?? idFromHeadline(draft.headline, fallbackId),
    coverageStartTime: draft.coverageStartTime ?? at,
    ...(draft.status === 'ended' ? { coverageEndTime: draft.coverageEndTime ?? at } : {}),
    pinnedUpdateId: null,
    version: 1,
    datePublished: draft.datePublished ?? at,
    dateModified: at,
  })
}

/** Pure: what is accepted of a new event. */
export function firstAccepted(event: Event): AcceptedEvent {
  return { version: event.version, event, hasBegun: event.status !== 'scheduled' }
}

/** Pure: the event after a patch. Throws invalid-request for what may not change, and where a part would be incomplete. */
export function changedEvent(current: AcceptedEvent, patch: EventPatch, now: Date): AcceptedEvent {
  const at = now.toISOString()
  const { coverageStartTime } = current.event
  const status = patch.status === null ? DEFAULT_STATUS : patch.status
  const end = endOfCoverage(current.event, { ...patch, status }, at)
  const version = current.version + 1
  const event = accept(Event, {
    coverageStartTime,
    pinnedUpdateId: null,
    ...mergePatch(current.event, { ...patch, status, ...end }),
    version,
    dateModified: at,
  })
  if (current.hasBegun && event.coverageStartTime !== coverageStartTime) {
    const errors = [{ pointer: '#/coverageStartTime', detail: 'Coverage has begun: its start no longer moves.' }]
    throw new Refusal('invalid-request', 'See errors.', { extra: { errors } })
  }
  return { version, event, hasBegun: current.hasBegun || event.status !== 'scheduled' }
}

/** Ending an event ends its coverage now, and opening it again takes that away, unless the patch says when. */
function endOfCoverage(current: Event, { status, coverageEndTime }: EventPatch, at: string): EventPatch {
  if (coverageEndTime !== undefined || !status || status === current.status) return {}
  if (status === 'ended') return { coverageEndTime: at }
  return OPEN_STATUSES.includes(status) ? { coverageEndTime: null } : {}
}
