import { useMemo } from 'preact/hooks'
import { DiffText } from './diff-text.tsx'
import { StepNotes } from './step-notes.tsx'
import { typedWords } from './typed-words.ts'
import type { ShownPreview } from './use-preview.ts'

export interface PreviewPanelProps {
  readonly shown: ShownPreview
  /** Something was typed since: the next answer is on its way. */
  readonly isStale: boolean
}

/** The text as readers will get it, compared with what was typed, and what somebody should look at. */
export function PreviewPanel({ shown, isStale }: PreviewPanelProps) {
  return useMemo(() => <Shown shown={shown} isStale={isStale} />, [shown, isStale])
}

function Shown({ shown, isStale }: PreviewPanelProps) {
  const { of: typed, preview } = shown
  const { update, normalization, held } = preview
  const warnings = normalization.flatMap(note => ('warning' in note ? [note.warning] : []))
  const headline = update.headlineDerived === true ? '' : (update.headline ?? '')
  const typedHeadline = typed.headline ?? ''
  return (
    <section class={`preview${isStale ? ' is-stale' : ''}`} aria-labelledby="preview">
      <h3 id="preview">As readers will get it</h3>
      {held === undefined ? null : (
        <p class="caution">
          <b>It will wait for an editor.</b> {held.reason}
        </p>
      )}
      {headline === '' && typedHeadline === '' ? null : (
        <p class="preview-headline">
          <DiffText before={typedHeadline} after={headline} language={update.inLanguage} />
        </p>
      )}
      <p>
        <DiffText
          before={typedWords({ body: typed.body ?? '', bodyFormat: typed.bodyFormat ?? 'text' })}
          after={update.bodyText}
          language={update.inLanguage}
        />
      </p>
      {warnings.length === 0 ? null : (
        <ul class="warnings" aria-label="Worth a look">
          {warnings.map(warning => (
            <li key={warning} class="caution">
              {warning}
            </li>
          ))}
        </ul>
      )}
      {normalization.length === 0 ? (
        <p class="soft">Nothing to clean.</p>
      ) : (
        <details>
          <summary>Step by step</summary>
          <StepNotes notes={normalization} language={update.inLanguage} />
        </details>
      )}
      <p class="hidden-text" role="status">
        {warningWords(warnings.length, held !== undefined)}
      </p>
    </section>
  )
}

/** Said to screen readers: how much there is to look at, not every word of it while somebody types. */
function warningWords(warnings: number, isHeld: boolean): string {
  const looks = warnings === 0 ? '' : `Preview: ${warnings} ${warnings === 1 ? 'thing' : 'things'} worth a look.`
  return isHeld ? `${looks} It will wait for an editor.`.trim() : looks
}
