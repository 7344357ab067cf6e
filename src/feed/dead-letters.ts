import { Refusal, toProblem } from '../foundation/errors.ts'
import type { DeadLetter } from '../protocol/ops.ts'
import { salvage } from './salvage.ts'
import { createShelf, type ShelfNeeds, type Shelved } from './shelf.ts'

/** A dead letter with what is needed to try it again. */
export interface FoundLetter {
  readonly shelved: Shelved
  readonly told: DeadLetter
}

export type DeadLetters = ReturnType<typeof createDeadLetters>

/** What could not be published, and waits for somebody in ops. Retrying is accepting anew: see planRetry. */
export function createDeadLetters(needs: ShelfNeeds) {
  const { redis, keys } = needs
  const shelf = createShelf(needs, 'dead')
  return {
    /** Those with an accept number above `after`, oldest first. */
    async page(eventId: string, after: number, limit: number): Promise<{ letters: DeadLetter[]; complete: boolean }> {
      const { shelved, complete } = await shelf.page(eventId, after, limit)
      return { letters: shelved.map(tell), complete }
    },

    async find(eventId: string, acceptNumber: number): Promise<FoundLetter | undefined> {
      const shelved = await shelf.find(eventId, acceptNumber)
      return shelved === undefined ? undefined : { shelved, told: tell(shelved) }
    },

    /** Whether the event is in the archive store: then its letters are there as well, and nothing can be done with them. */
    async isStored(eventId: string): Promise<boolean> {
      return (await redis.hexists(keys.event(eventId).meta, 'stored')) === 1
    },

    /** Whether there is a dead letter of which nothing is left. */
    async isEmpty(eventId: string, acceptNumber: number): Promise<boolean> {
      return (await shelf.find(eventId, acceptNumber))?.text === ''
    },

    /** Gives such a letter what was found of it elsewhere. False when there is none. */
    async fill(eventId: string, acceptNumber: number, text: string): Promise<boolean> {
      return (await redis.dlFillDeadLetter(keys.event(eventId).dead, acceptNumber, text)) === 1
    },

    /** How many each of these events has. */
    async counts(eventIds: readonly string[]): Promise<number[]> {
      return await Promise.all(eventIds.map(id => redis.hlen(keys.event(id).dead)))
    },

    /** Undefined when it is no dead letter any more, and this is no repeat of the request that discarded it. */
    discard: shelf.discard,
  }
}

const NOBODY = { sub: '', name: '' }

function tell({ acceptNumber, reason, text, submission }: Shelved): DeadLetter {
  const { step, error, attempts, at } = reason
  const left = submission === undefined ? salvage(text) : undefined
  const updateId =
    submission === undefined ? left?.updateId : 'updateId' in submission ? submission.updateId : undefined
  const detail = `The step ${step} said: ${error}`
  return {
    acceptNumber,
    ...(updateId === undefined ? {} : { updateId }),
    action: submission?.kind ?? 'unknown',
    submittedBy: submission?.subject ?? left?.subject ?? NOBODY,
    acceptedAt: submission?.acceptedAt ?? at,
    endedAt: at,
    state: 'dead',
    problem: toProblem(new Refusal('submission-failed', detail, { extra: { acceptNumber, state: 'dead' } })),
    ...{ step, attempts, raw: rawOf(submission, text) },
  }
}

/** What was sent: the draft, the reason of a retraction, or the event as it was to be; else the text as it is. */
export function rawOf(submission: Shelved['submission'], text: string): Readonly<Record<string, unknown>> {
  if (submission === undefined) return { text }
  if (submission.kind === 'event') return { ...submission.event }
  if (submission.kind === 'retract') return submission.reason === undefined ? {} : { reason: submission.reason }
  return { ...submission.draft }
}
