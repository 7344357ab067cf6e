import type { Draft } from './draft.ts'
import type { Submission } from './submission.ts'

/** What the desk keeps in the browser, so that neither a reload nor a crash loses a word. */
export interface DeskStorage {
  /** False when the browser kept nothing (storage is full or switched off). */
  saveDraft(draft: Draft | undefined): boolean
  readDraft(): Draft | undefined
  /** Drafts that other tabs and earlier visits left, by the tab's id. */
  otherDrafts(): readonly { readonly tab: string; readonly draft: Draft }[]
  dropOtherDraft(tab: string): void
  saveSubmission(submission: Submission): boolean
  dropSubmission(key: string): void
  /** Newest first. */
  readSubmissions(): readonly Submission[]
}

export interface DeskStorageNeeds {
  readonly storage: Storage
  /** Whose desk: what one editor left is not shown to another one. */
  readonly sub: string
  readonly eventId: string
  /** Each tab has its own draft, so that two tabs do not overwrite one another. */
  readonly tab: string
}

/** Grows when what is kept changes its form: a page of another version leaves it alone. */
const KEPT_UNDER = 'dateline-desk/2'

/** One event's drafts and unsent submissions, each under its own key. What cannot be read again is left alone. */
export function createDeskStorage({ storage, sub, eventId, tab }: DeskStorageNeeds): DeskStorage {
  const under = `${KEPT_UNDER}/${encodeURIComponent(sub)}/${eventId}/`
  const drafts = `${under}draft/`
  const submissions = `${under}submission/`

  const save = (key: string, value: unknown): boolean => {
    try {
      storage.setItem(key, JSON.stringify(value))
      return true
    } catch {
      // Full or forbidden: the caller tells the editor.
      return false
    }
  }
  const all = <T>(prefix: string): { id: string; value: T }[] =>
    keysOf(storage)
      .filter(key => key.startsWith(prefix))
      .flatMap(key => {
        const value = read<T>(storage, key)
        return value === undefined ? [] : [{ id: key.slice(prefix.length), value }]
      })

  return {
    saveDraft(draft) {
      if (draft !== undefined) return save(drafts + tab, draft)
      storage.removeItem(drafts + tab)
      return true
    },
    readDraft: () => read<Draft>(storage, drafts + tab),
    otherDrafts: () =>
      all<Draft>(drafts)
        .filter(({ id }) => id !== tab)
        .map(({ id, value }) => ({ tab: id, draft: value })),
    dropOtherDraft: other => storage.removeItem(drafts + other),
    saveSubmission: submission => save(submissions + submission.key, submission),
    dropSubmission: key => storage.removeItem(submissions + key),
    readSubmissions: () =>
      all<Submission>(submissions)
        .map(({ value }) => value)
        .sort((a, b) => b.createdAtMs - a.createdAtMs),
  }
}

function keysOf(storage: Storage): string[] {
  return Array.from({ length: storage.length }, (_, index) => storage.key(index)).filter(key => key !== null)
}

/** Our own pages wrote it; a half-written or foreign value counts as none. */
function read<T>(storage: Storage, key: string): T | undefined {
  const text = storage.getItem(key)
  if (text === null) return undefined
  try {
    return JSON.parse(text) as T
  } catch {
    return undefined
  }
}
