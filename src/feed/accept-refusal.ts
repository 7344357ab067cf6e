import { Refusal } from '../foundation/errors.ts'
import { versionMismatch } from '../foundation/http/if-match.ts'
import type { AcceptAnswer, ShelvedRef } from './accept-submission.ts'

type Refused = Exclude<AcceptAnswer, { result: 'accepted' | 'replayed' }>

/** What accept.lua did not take, in the words of the catalogue. `shelf` is where it was to leave, if it was to. */
export function acceptRefusal(answer: Refused, eventId: string, shelf: ShelvedRef['shelf'] = 'held'): Refusal {
  switch (answer.result) {
    case 'version-mismatch':
      return versionMismatch(answer.version)
    case 'event-not-found':
      return new Refusal('event-not-found', `There is no event ${eventId}.`)
    case 'event-closed':
      return eventClosed(answer.status)
    case 'update-exists':
      return new Refusal('update-exists', 'Another submission has this updateId. To change that update, PATCH it.')
    case 'off-shelf':
      return new Refusal(`not-${shelf}`, 'Somebody else was first. Its submission says what became of it.')
    case 'event-exists':
      return new Refusal('event-exists', `There is an event ${eventId} already.`)
    case 'key-reused':
      return keyReused()
  }
}

/** `status` as accept.lua says it. */
export function eventClosed(status: string): Refusal {
  if (status === 'stored') {
    return new Refusal(
      'event-closed',
      'The event is in the archive store. It can be changed when ops have restored it.',
    )
  }
  return new Refusal('event-closed', `The event is ${status}. Set it live to go on.`)
}

export function keyReused(): Refusal {
  return new Refusal('key-reused', 'Each request needs an Idempotency-Key of its own; repeat one only with its body.')
}
