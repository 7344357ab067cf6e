import { useState } from 'preact/hooks'
import type { DeskStorage } from './desk-storage.ts'
import { type Draft, EMPTY_DRAFT } from './draft.ts'
import { isBlank } from './editor-fields.ts'

export interface KeptDraft {
  readonly draft: Draft
  /** False when the browser could not store the last change. */
  readonly stored: boolean
  readonly change: (draft: Draft) => void
}

/** What stands in the editor, stored on every change, and there again after a reload. */
export function useDraft(storage: DeskStorage): KeptDraft {
  const [draft, setDraft] = useState<Draft>(() => storage.readDraft() ?? EMPTY_DRAFT)
  const [stored, setStored] = useState(true)
  return {
    draft,
    stored,
    change(next) {
      setDraft(next)
      setStored(storage.saveDraft(next.revises === undefined && isBlank(next.fields) ? undefined : next))
    },
  }
}
