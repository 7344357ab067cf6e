import type { HeldPage, HeldSubmission } from '../protocol/held.ts'
import type { Submission } from '../protocol/submission.ts'
import { createShelf, type Discard, type ShelfNeeds, type Shelved } from './shelf.ts'

/** A held submission: nothing but words and media is ever held. */
export interface Held extends Shelved {
  readonly submission: Extract<Submission, { kind: 'publish' | 'revise' }>
}

export type HeldSubmissions = ReturnType<typeof createHeldSubmissions>

/** What waits for an editor. Releasing is accepting anew: see AcceptRequest. */
export function createHeldSubmissions(needs: ShelfNeeds) {
  const shelf = createShelf(needs, 'held')
  return {
    /** Those with an accept number above `after`, oldest first. */
    async page(eventId: string, after: number, limit: number): Promise<HeldPage> {
      const { shelved, complete } = await shelf.page(eventId, after, limit)
      return { held: shelved.flatMap(each => (isHeld(each) ? [tell(each)] : [])), complete }
    },

    async find(eventId: string, acceptNumber: number): Promise<Held | undefined> {
      const found = await shelf.find(eventId, acceptNumber)
      return found !== undefined && isHeld(found) ? found : undefined
    },

    /** Undefined when it is not held any more, and this is no repeat of the request that discarded it. */
    discard: (eventId: string, discard: Discard, now: Date) => shelf.discard(eventId, discard, now),
  }
}

function isHeld(shelved: Shelved): shelved is Held {
  return shelved.submission?.kind === 'publish' || shelved.submission?.kind === 'revise'
}

function tell({ acceptNumber, reason, submission }: Held): HeldSubmission {
  const { updateId, version, kind, subject, acceptedAt, draft } = submission
  return {
    ...{ acceptNumber, updateId, version, kind, submittedBy: subject, acceptedAt },
    ...{ step: reason.step, reason: reason.error, draft },
  }
}
