import { olderPageHref } from '../reading/links.ts'
import { ownWords, type Reader } from '../reading/reader.ts'
import { newUpdatesWords } from '../reading/words.ts'
import { shownUpdates, type ViewerModel } from './viewer-model.ts'

export type OlderState = 'idle' | 'loading' | 'failed'

/** Shown while updates are held above what the reader reads. */
export function NewUpdatesButton({ count, press }: { count: number; press: () => void }) {
  if (count === 0) return null
  return (
    <p class="new-updates" lang="en" dir="ltr">
      <button type="button" onClick={press}>
        {newUpdatesWords(count)}
      </button>
    </p>
  )
}

export interface OlderUpdatesProps {
  readonly model: ViewerModel
  readonly state: OlderState
  readonly reader: Reader
  readonly load: (() => void) | undefined
}

/** At the foot of the feed: a link to the older page, which a running page loads in place. */
export function OlderUpdates({ model, state, load, reader }: OlderUpdatesProps) {
  const href = olderPageHref(model.view.event.id, model.olderLink)
  if (href === undefined) {
    return shownUpdates(model).length === 0 ? null : (
      <p class="feed-end" {...ownWords(reader)}>
        This is where the coverage began.
      </p>
    )
  }
  return (
    <p class="older">
      <a
        {...ownWords(reader)}
        class="button"
        href={href}
        aria-disabled={state === 'loading'}
        onClick={press => {
          if (load === undefined || press.metaKey || press.ctrlKey || press.shiftKey) return
          press.preventDefault()
          load()
        }}
      >
        {state === 'loading' ? 'Loading older updates…' : 'Older updates'}
      </a>
      <span class="older-fault" role="status" {...ownWords(reader)}>
        {state === 'failed' ? 'Older updates could not be loaded. Try again.' : ''}
      </span>
    </p>
  )
}
