import { z } from 'zod'

export { formatPosition, parsePosition } from './position-text.ts'

/** The chain before the first entry. */
export const EMPTY_CHAIN = '0'.repeat(40)

/**
 * Where somebody stands in a feed: the numbering, the last entry seen, and the digest over everything up to it.
 * A viewer that stands at {epoch, seq: 41} of the same epoch is given 42, 43 ...; another epoch means another numbering.
 */
export const Position = z.strictObject({
  epoch: z.string().min(1).max(100),
  seq: z.int().nonnegative(),
  chain: z.string().regex(/^([0-9a-f]{40})?$/),
})
export type Position = z.infer<typeof Position>

/** A position as a client sends it: without its chain, the chain is not checked. */
export const PositionInput = Position.extend({ chain: Position.shape.chain.optional() })
export type PositionInput = z.infer<typeof PositionInput>
