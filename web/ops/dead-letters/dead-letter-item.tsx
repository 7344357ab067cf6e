import { useState } from 'preact/hooks'
import { fullTime } from '../../reading/times.ts'
import type { OpsApi, Retry } from '../ops-api.ts'
import { ConfirmButton } from '../parts/confirm-button.tsx'
import { DeedAnswer } from '../parts/panel.tsx'
import { problemWords } from '../parts/problem-words.ts'
import { useDeeds } from '../parts/use-deeds.ts'
import { countWords } from '../parts/words.ts'
import { placeHref } from '../place.ts'
import { DeadLetterForm } from './dead-letter-form.tsx'
import { type Letter, letterLine } from './letter.ts'

export interface DeadLetterItemProps {
  readonly api: OpsApi
  readonly letter: Letter
  /** Whether the event is named, where those of several stand together. */
  readonly namesEvent: boolean
  readonly isChosen: boolean
  readonly choose: (isChosen: boolean) => void
  readonly reload: () => void
  /** Says what was done: the letter leaves the list with it. */
  readonly tell: (words: string) => void
}

const ACTION_WORDS: Readonly<Record<Letter['action'], string>> = {
  publish: 'A new update',
  revise: 'A revision',
  retract: 'A retraction',
  event: 'A change of the event',
  unknown: 'A submission that cannot be read',
}

/** One dead letter: why it died, what was sent, and what can be done. */
export function DeadLetterItem({ api, letter, namesEvent, isChosen, choose, reload, tell }: DeadLetterItemProps) {
  const [isEditing, setEditing] = useState(false)
  /** What was changed for the last retry: it is kept when that has to be repeated over a later version. */
  const [patch, setPatch] = useState<Retry['draft']>()
  const deeds = useDeeds(reload, tell)
  const { eventId, acceptNumber, action, submittedBy, acceptedAt, problem, step, attempts, raw } = letter
  const line = letterLine(letter)
  const zone = new Intl.DateTimeFormat().resolvedOptions().timeZone
  // What cannot be read is no draft: its text is shown, and whoever mends it begins with nothing.
  const draft = action === 'unknown' ? {} : raw
  const later = deeds.problem?.type === '/problems/version-mismatch' ? deeds.problem['version'] : undefined
  const retry = async (how: Retry) => {
    setPatch(how.draft)
    const isDone = await deeds.act(
      () => api.retry(eventId, acceptNumber, how),
      answer => `#${acceptNumber} was accepted anew as #${answer.acceptNumber}.`,
    )
    if (isDone) setEditing(false)
  }
  const again: Retry = patch === undefined ? {} : { draft: patch }
  return (
    <li class="letter">
      <label class="choose">
        <input
          type="checkbox"
          checked={isChosen}
          onChange={event => choose(event.currentTarget.checked)}
          aria-label={`Choose #${acceptNumber}: ${line}`}
        />
        <b dir="auto">{line}</b>
      </label>
      <p class="soft">
        {ACTION_WORDS[action]}, #{acceptNumber}
        {namesEvent ? (
          <>
            {' '}
            of <a href={placeHref({ view: 'event', eventId })}>{eventId}</a>
          </>
        ) : null}
        , by <bdi>{submittedBy.name || 'somebody unknown'}</bdi>, {fullTime(acceptedAt, zone, 'en')}
      </p>
      <p class="is-bad">
        {problem.title}. {problem.detail ?? ''}
      </p>
      <p class="soft">
        At the step {step}, after {countWords(attempts, 'attempt')}.
      </p>
      <details>
        <summary>What was sent</summary>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: without it, who has no mouse cannot scroll it. */}
        <pre dir="auto" tabIndex={0}>
          {JSON.stringify(raw, null, 2)}
        </pre>
        {problem.errors === undefined ? null : <p>{problemWords(problem)}</p>}
      </details>
      {isEditing ? (
        <DeadLetterForm
          draft={draft}
          isBusy={deeds.isBusy}
          retry={changed => retry({ draft: changed })}
          close={() => setEditing(false)}
        />
      ) : (
        <div class="deeds">
          <button
            type="button"
            aria-label={`Retry #${acceptNumber}`}
            aria-disabled={deeds.isBusy}
            onClick={() => retry({})}
          >
            Retry
          </button>
          {action === 'retract' || action === 'event' ? null : (
            <button type="button" aria-label={`Mend and retry #${acceptNumber}`} onClick={() => setEditing(true)}>
              Mend and retry
            </button>
          )}
          <ConfirmButton
            label="Discard"
            name={`Discard #${acceptNumber}`}
            isBusy={deeds.isBusy}
            title="Discard this dead letter?"
            deed="Discard it"
            keep="Keep it"
            reason={{ hint: 'It is kept for the record, with your name.', maxLength: 1_000 }}
            act={reason =>
              deeds.act(() => api.discard(eventId, acceptNumber, reason), `#${acceptNumber} was discarded.`)
            }
          >
            <p dir="auto" class="quoted">
              {line}
            </p>
            <p>It will not be published, and cannot be retried any more.</p>
          </ConfirmButton>
        </div>
      )}
      <DeedAnswer deeds={deeds} />
      {typeof later === 'number' ? (
        <button type="button" aria-disabled={deeds.isBusy} onClick={() => retry({ ...again, overVersion: later })}>
          Retry over the later version
        </button>
      ) : null}
    </li>
  )
}
