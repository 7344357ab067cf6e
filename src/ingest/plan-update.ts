import type { AcceptedUpdate } from '../feed/accepted-drafts.ts'
import { accept } from '../foundation/accept.ts'
import { mergePatch } from '../foundation/merge-patch.ts'
import { DraftContent, type UpdateDraft, type UpdatePatch } from '../protocol/update.ts'

const WORDS_AND_MEDIA = ['body', 'bodyFormat', 'headline', 'media', 'embeds'] as const

/** Pure: the first accepted draft of an update. */
export function firstDraft({ updateId: _, ...draft }: UpdateDraft, sub: string, now: Date): AcceptedUpdate {
  const at = now.toISOString()
  return { version: 1, sub, draft, datePublished: at, dateModified: at, corrections: [], retracted: false }
}

/** Pure: the draft after a patch. Throws invalid-request when nothing that can be published would be left. */
export function revisedDraft(
  current: AcceptedUpdate,
  { correction, ...patch }: UpdatePatch,
  now: Date,
): AcceptedUpdate {
  const at = now.toISOString()
  const draft = accept(DraftContent, mergePatch(current.draft, patch))
  const changed = WORDS_AND_MEDIA.some(field => JSON.stringify(draft[field]) !== JSON.stringify(current.draft[field]))
  return {
    ...current,
    version: current.version + 1,
    draft,
    dateModified: changed ? at : current.dateModified,
    corrections:
      correction === undefined
        ? current.corrections
        : [...current.corrections, { text: correction, datePublished: at }],
  }
}

/** Pure: the draft of a retracted update: its words are kept for the desk, and it takes no more changes. */
export function retractedDraft(current: AcceptedUpdate): AcceptedUpdate {
  return { ...current, version: current.version + 1, retracted: true }
}
