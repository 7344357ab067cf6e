import { type Away, awayWords } from './away.ts'

export interface AwayNoticeProps {
  readonly away: Away | undefined
  readonly goToFirst: () => void
  readonly catchUp: () => void
  readonly dismiss: () => void
}

/** For a reader who comes back: what was missed, above the page, so that nothing on it moves. */
export function AwayNotice({ away, goToFirst, catchUp, dismiss }: AwayNoticeProps) {
  return (
    <aside class={away === undefined ? 'away' : 'away is-shown'} aria-label="While you were away" lang="en" dir="ltr">
      {/* It is there from the start: what is put into it later is announced. */}
      <p role="status">{away === undefined ? '' : awayWords(away)}</p>
      {away === undefined ? null : (
        <p class="away-deeds">
          <button type="button" class="primary" onClick={goToFirst}>
            Go to the first
          </button>
          <button type="button" onClick={catchUp}>
            Catch up
          </button>
          <button type="button" onClick={dismiss}>
            Dismiss
          </button>
        </p>
      )}
    </aside>
  )
}
