import type { NormalizationNote } from './normalization.ts'
import type { DraftContent, Update } from './update.ts'

/** `POST /v1/events/:id/normalize`: what would become of a draft. Nothing of it is stored. */
export interface Preview {
  /** As readers would get it; its dates and, where none was chosen, its id are of this preview only. */
  update: Update
  normalization: NormalizationNote[]
  /** Given when it would wait for an editor, and why. */
  held?: { step: string; reason: string }
}

/** `GET /v1/events/:id/updates/:updateId/draft`: what was typed last, and what was done to what is published. */
export interface TypedDraft {
  /** The one to name in If-Match: it may be ahead of what readers see. */
  version: number
  draft: DraftContent
  normalization: NormalizationNote[]
  /** It was retracted, and takes no more changes. */
  retracted?: true
}
