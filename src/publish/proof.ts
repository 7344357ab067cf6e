import type { RequestHandler } from 'express'
import type { FeedProofs } from '../feed/feed-proofs.ts'
import { Refusal } from '../foundation/errors.ts'
import { queryNumber } from '../foundation/http/preferences.ts'
import { cacheControl, eventNotFound, type ReadNeeds, readableEvent, TOP } from './readable-event.ts'

const MAX_SEQ = 999_999_999

/**
 * GET /v1/events/:eventId/proof?after=SEQ: whether the feed after that entry is complete, in order and unaltered by its own
 * chain, or the first entry that differs: `missing`, `out-of-place`, `not-linked` (it, or the one before it, was altered) or
 * `other-end`.
 */
export function getProof(needs: ReadNeeds & { readonly proofs: FeedProofs }): RequestHandler {
  return async (req, res) => {
    const event = await readableEvent(req, needs)
    const after = queryNumber(req.query['after'], 'after', { min: 0, max: MAX_SEQ, default: 0 })
    const answer = await needs.proofs.prove(event.id, after)
    if (!answer.found) {
      if (answer.why === 'no-event') throw eventNotFound(event.id)
      throw new Refusal('position-unknown', 'The feed ends before that entry.', { extra: { reason: answer.why } })
    }
    res.set('Cache-Control', cacheControl(event, TOP)).json(answer.proof)
  }
}
