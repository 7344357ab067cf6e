import { type Limit, limitOf, memoryLimit, memoryLimiter, tooMany } from '../foundation/limit.ts'
import type { Metrics } from '../foundation/metrics.ts'
import type { ViewerLimits } from './door.ts'

export const REQUEST_SECONDS = 10

export interface MannersNeeds {
  readonly limits: Pick<ViewerLimits, 'joinsPerSocket' | 'requestsPerSocket' | 'badPackets'>
  readonly metrics: Pick<Metrics, 'limited'>
}

/** What one socket may send. Sockets are told apart by their ids. */
export interface Manners {
  /** Rejects with the Refusal `too-many` when the socket asks too often. */
  ask(socketId: string, name: string): Promise<void>
  /** Counts something that is no request. Resolves with whether the socket has sent too much of that. */
  sentRubbish(socketId: string): Promise<boolean>
}

export function createManners({ limits, metrics }: MannersNeeds): Manners {
  const { joinsPerSocket, requestsPerSocket, badPackets } = limits
  const seconds = REQUEST_SECONDS
  const requests = memoryLimit({ name: 'requests', atOnce: requestsPerSocket, seconds }, metrics)
  const joins = memoryLimit({ name: 'joins', atOnce: joinsPerSocket, seconds }, metrics)
  const borne = { name: 'bad-packets', atOnce: badPackets - 1, seconds } as const
  const rubbish = badPackets === 0 ? undefined : limitOf(borne, memoryLimiter(borne), metrics)

  async function takeOr(limit: Limit | undefined, socketId: string, what: string): Promise<void> {
    const taken = await limit?.take(socketId)
    if (taken?.isOver) throw tooMany(`This socket sent too many ${what}.`, taken.resetMs)
  }

  return {
    async ask(socketId, name) {
      await takeOr(requests, socketId, 'requests')
      if (name === 'join') await takeOr(joins, socketId, 'joins')
    },
    async sentRubbish(socketId) {
      return (await rubbish?.take(socketId))?.isOver ?? false
    },
  }
}
