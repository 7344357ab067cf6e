import type { RequestHandler } from 'express'
import type { DraftReader } from '../feed/draft-reader.ts'
import { accept } from '../foundation/accept.ts'
import { Refusal } from '../foundation/errors.ts'
import { hasRole, type Tokens } from '../foundation/tokens.ts'
import type { TypedDraft } from '../protocol/preview.ts'
import { UpdateId } from '../protocol/update.ts'
import { readAsker } from './write-request.ts'

export interface DraftRouteNeeds {
  readonly tokens: Tokens
  readonly drafts: Pick<DraftReader, 'update'>
}

/** GET /v1/events/:eventId/updates/:updateId/draft: what was typed last, and what was done to what is published. */
export function getDraft({ tokens, drafts }: DraftRouteNeeds): RequestHandler {
  return async (req, res) => {
    const { subject, eventId } = await readAsker(req, tokens, 'contributor', 'editor', 'ops')
    const updateId = accept(UpdateId, req.params['updateId'])
    const found = await drafts.update(eventId, updateId)
    if (found === undefined) throw new Refusal('event-not-found', `There is no event ${eventId}.`)
    const { accepted, normalization } = found
    if (accepted === undefined) throw new Refusal('update-not-found', 'There is no such update in this event.')
    if (accepted.sub !== subject.sub && !hasRole(subject, 'editor', 'ops')) {
      throw new Refusal('not-allowed', 'A contributor may see only drafts of their own.')
    }
    const { version, draft, retracted } = accepted
    const typed: TypedDraft = { version, draft, normalization, ...(retracted ? { retracted } : {}) }
    res.set({ ETag: `"${version}"`, 'Cache-Control': 'no-store' }).json(typed)
  }
}
