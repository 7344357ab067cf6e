import { useState } from 'preact/hooks'
import type { DeskStorage } from './desk-storage.ts'
import { type Draft, isUntouched } from './draft.ts'

export interface OtherDraftsProps {
  readonly storage: DeskStorage
  readonly current: Draft
  readonly zone: string
  readonly take: (draft: Draft) => void
}

/** Texts that other tabs, or visits that ended without a goodbye, left for this event. */
export function OtherDrafts({ storage, current, zone, take }: OtherDraftsProps) {
  const [drafts, setDrafts] = useState(storage.otherDrafts)
  if (drafts.length === 0) return null
  const drop = (tab: string) => {
    storage.dropOtherDraft(tab)
    setDrafts(storage.otherDrafts())
  }
  const canTake = isUntouched(current, zone)
  return (
    <section class="card" aria-labelledby="other-drafts">
      <h2 id="other-drafts">Unsent texts in this browser</h2>
      <p class="hint">
        From other tabs or earlier visits. {canTake ? '' : 'Post or clear what is in the editor to take one of them.'}
      </p>
      <ul class="faults">
        {drafts.map(({ tab, draft }) => {
          const text = `${draft.fields.headline} ${draft.fields.body}`.trim().slice(0, 80)
          return (
            <li key={tab}>
              <p dir="auto">{text}</p>
              <div class="deeds">
                <button
                  type="button"
                  aria-label={`Take into the editor: ${text}`}
                  aria-disabled={!canTake}
                  onClick={() => {
                    if (!canTake) return
                    take(draft)
                    drop(tab)
                  }}
                >
                  Take into the editor
                </button>
                <button type="button" class="quiet" aria-label={`Discard: ${text}`} onClick={() => drop(tab)}>
                  Discard
                </button>
              </div>
            </li>
          )
        })}
      </ul>
    </section>
  )
}
