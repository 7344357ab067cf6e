import type { IncomingMessage } from 'node:http'
import { Refusal } from '../foundation/errors.ts'
import { clientOf, type Trust } from '../foundation/http/client-address.ts'
import { againIn, memoryLimit, tooMany } from '../foundation/limit.ts'
import type { Metrics } from '../foundation/metrics.ts'
import { createPlaces, type Places } from '../foundation/places.ts'
import { AcceptRate } from './accept-rate.ts'

/** Settings of the gateway's limits; of each, 0 is none. */
export interface ViewerLimits {
  /** New connections of one address in HANDSHAKE_SECONDS. */
  readonly handshakesPerAddress: number
  /** New connections of all, a second. */
  readonly socketsPerS: number
  /** Open event streams of one address. */
  readonly streamsPerAddress: number
  /** Of one socket in REQUEST_SECONDS. */
  readonly joinsPerSocket: number
  readonly requestsPerSocket: number
  readonly badPackets: number
  /** A socket that has asked for no room, and one that is in none any more, stay so long. */
  readonly joinWithinMs: number
  readonly stayUnjoinedMs: number
}

export interface DoorNeeds {
  readonly limits: Pick<ViewerLimits, 'handshakesPerAddress' | 'socketsPerS' | 'streamsPerAddress'>
  readonly trust: Trust
  readonly metrics: Pick<Metrics, 'limited'>
}

/** The door of one gateway, for sockets and event streams. */
export interface Door {
  /** Undefined: come in. Else the refusal, which says when to come again. */
  knock(req: IncomingMessage): Promise<Refusal | undefined>
  /** For a stream that was let in: answers what ends its stay. Throws the Refusal `too-many`. */
  enterStream(req: IncomingMessage): () => void
}

export const HANDSHAKE_SECONDS = 10

/**
 * Newcomers are counted here and not in Redis: when a gateway dies, all its viewers come to the others at once, and that
 * must cost Redis nothing.
 */
export function createDoor({ limits, trust, metrics }: DoorNeeds): Door {
  const { handshakesPerAddress, socketsPerS, streamsPerAddress } = limits
  const addressOf = clientOf(trust)
  const rule = { name: 'handshakes', atOnce: handshakesPerAddress, seconds: HANDSHAKE_SECONDS } as const
  const perAddress = memoryLimit(rule, metrics)
  const rate = socketsPerS === 0 ? undefined : new AcceptRate(socketsPerS, performance.now())
  const streams: Places = createPlaces({ name: 'streams', atOnce: streamsPerAddress, what: 'open streams' }, metrics)

  return {
    async knock(req) {
      // First by address: one that comes too often takes no slot of the others.
      const taken = await perAddress?.take(addressOf(req))
      if (taken?.isOver) return tooMany('There are too many new connections of your address.', taken.resetMs)
      const slotInMs = rate?.admit(performance.now()) ?? 0
      if (slotInMs === 0) return undefined
      metrics.limited.inc({ limit: 'sockets' })
      return new Refusal('unavailable', 'Too many come at once. Your turn is soon.', againIn(slotInMs))
    },
    enterStream: req => streams.enter(addressOf(req)),
  }
}
