import type { RequestHandler } from 'express'
import { accept } from '../foundation/accept.ts'
import { Refusal } from '../foundation/errors.ts'
import { someBearerOf } from '../foundation/http/bearer.ts'
import type { TakeRequest } from '../foundation/http/limit-requests.ts'
import { hasRole, type Tokens } from '../foundation/tokens.ts'
import { type ArticleImport, ArticleInput } from '../protocol/article.ts'

export interface ImportRouteNeeds {
  readonly tokens: Tokens
  /** Pure: what a page is as an event and its updates. */
  readonly importArticle: (input: ArticleInput, now: Date) => ArticleImport
  readonly takePreview: TakeRequest
}

/** POST /v1/events/import: a pasted page as a draft event and draft updates. Nothing of it is stored. */
export function postImport({ tokens, importArticle, takePreview }: ImportRouteNeeds): RequestHandler {
  return async (req, res) => {
    const subject = await someBearerOf(req, tokens)
    if (!hasRole(subject, 'editor')) throw new Refusal('not-allowed', 'This needs the role editor.')
    await takePreview(subject.sub, res)
    const input = accept(ArticleInput, req.body)
    res.set('Cache-Control', 'no-store').json(importArticle(input, new Date()))
  }
}
