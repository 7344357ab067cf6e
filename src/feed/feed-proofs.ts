import { Refusal } from '../foundation/errors.ts'
import { type ProofAnswer, proveFeed } from './feed-proof.ts'
import type { FeedReader } from './feed-reader.ts'

export type FeedProofs = ReturnType<typeof createFeedProofs>

/** So many are worked on at a time in one process: anybody may ask for one, and each reads a whole feed. */
const MAX_AT_A_TIME = 4
/** A proof that was just made is given to others who ask. */
const FRESH_MS = 2_000

/** Proofs of feeds, each made once for all who ask for it at the time. Rejects with Refusal (unavailable) when too many are asked for. */
export function createFeedProofs({ reader }: { reader: FeedReader }) {
  const proofs = new Map<string, Promise<ProofAnswer>>()
  let working = 0

  async function make(name: string, eventId: string, after: number): Promise<ProofAnswer> {
    working += 1
    try {
      const answer = await proveFeed(reader, eventId, after)
      setTimeout(() => proofs.delete(name), FRESH_MS).unref()
      return answer
    } catch (error) {
      proofs.delete(name)
      throw error
    } finally {
      working -= 1
    }
  }

  return {
    async prove(eventId: string, after: number): Promise<ProofAnswer> {
      const name = `${eventId} ${after}`
      const known = proofs.get(name)
      if (known !== undefined) return await known
      if (working >= MAX_AT_A_TIME) {
        throw new Refusal('unavailable', 'Other feeds are being proved. Ask again in a moment.')
      }
      const proof = make(name, eventId, after)
      proofs.set(name, proof)
      return await proof
    },
  }
}
