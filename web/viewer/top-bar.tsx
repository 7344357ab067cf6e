import type { StatusLine } from '../reading/status-line.ts'
import { viewersWords } from '../reading/words.ts'

/** Stays at the top while the reader scrolls: whose page this is, and how live it is. */
export function TopBar({ status, viewers }: { status: StatusLine; viewers: number | undefined }) {
  return (
    <header class="bar" lang="en" dir="ltr">
      <div class="bar-inside">
        <a class="brand" href="/">
          Dateline
        </a>
        {viewers === undefined || status.tone === 'warning' ? null : (
          <span class="viewers">{viewersWords(viewers)}</span>
        )}
        {/* The visible text counts seconds; the spoken one changes only when the state does. */}
        <span class={`status is-${status.tone}`} aria-hidden="true">
          {status.text}
        </span>
        <span class="hidden-text" role="status">
          {status.spoken}
        </span>
      </div>
    </header>
  )
}
