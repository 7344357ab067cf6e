import { z } from 'zod'
import { Line } from './text.ts'
import type { DraftContent } from './update.ts'

/** One submission that waits for an editor. */
export interface HeldSubmission {
  acceptNumber: number
  updateId: string
  /** The version that it would have made. */
  version: number
  kind: 'publish' | 'revise'
  submittedBy: { sub: string; name: string }
  acceptedAt: string
  /** The step that holds it. */
  step: string
  reason: string
  draft: DraftContent
}

/** `GET /v1/events/:id/held`: a page, oldest first. */
export interface HeldPage {
  held: HeldSubmission[]
  /** Nothing was held after these. */
  complete: boolean
}

/** Body of `POST /v1/events/:id/held/:acceptNumber`. */
export const HeldDecision = z.discriminatedUnion(
  'action',
  [
    z.strictObject({ action: z.literal('release') }),
    /** The reason is kept with it, for the desk and ops. */
    z.strictObject({ action: z.literal('discard'), reason: Line(1_000) }),
  ],
  'Must be release or discard.',
)
export type HeldDecision = z.infer<typeof HeldDecision>

/** The 200 to a discard. The submission is kept whole, for ops. */
export interface Discarded {
  acceptNumber: number
  updateId: string
  state: 'discarded'
}
