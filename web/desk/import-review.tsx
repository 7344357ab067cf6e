import { useEffect, useRef, useState } from 'preact/hooks'
import type { ArticleImport, ArticleUpdate, DroppedLines } from '../../src/protocol/article.ts'
import type { Problem } from '../../src/protocol/problems.ts'
import { fullTime, isMoment } from '../reading/times.ts'
import { Field, inputValue } from './field.tsx'
import { ImportedEvent } from './imported-event.tsx'
import type { ConfirmedImport, ImportProgress } from './post-import.ts'

export interface ImportReviewProps {
  readonly page: ArticleImport
  /** Why posting ended early. Posting again goes on where it stopped. */
  readonly problem: Problem | undefined
  /** While it is being posted. */
  readonly progress: ImportProgress | undefined
  readonly post: (confirmed: ConfirmedImport) => void
  readonly back: () => void
}

/** What a pasted page was read as, with all that an editor should look at before it is posted. */
export function ImportReview({ page, problem, progress, post, back }: ImportReviewProps) {
  const [headline, setHeadline] = useState(page.event.headline)
  const [id, setId] = useState(page.event.id ?? '')
  const [left, setLeft] = useState<ReadonlySet<number>>(new Set())
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus(), [])

  const { id: _, ...others } = page.event
  const event = { ...(id.trim() === '' ? {} : { id: id.trim() }), ...others, headline: headline.trim() }
  const updates = page.updates.filter((_update, index) => !left.has(index))
  const faultAt = (pointer: string) => problem?.errors?.find(error => error.pointer === pointer)?.detail
  const isTaken = problem?.type === '/problems/event-exists'
  const toggle = (index: number, isIn: boolean) =>
    setLeft(new Set(isIn ? [...left].filter(other => other !== index) : [...left, index]))
  return (
    <form
      class="card import"
      aria-labelledby="import"
      onSubmit={press => {
        press.preventDefault()
        if (progress === undefined) post({ event, updates })
      }}
    >
      <h2 id="import" ref={heading} tabIndex={-1}>
        The page as an event
      </h2>
      {page.warnings.length === 0 ? null : (
        <ul class="warnings" aria-label="Worth a look">
          {page.warnings.map(({ code, detail, lines }, index) => (
            <li key={`${index} ${code}`} class="caution">
              {detail} {linesWords(lines)}
            </li>
          ))}
        </ul>
      )}
      <Field label="Headline" fault={faultAt('#/headline')}>
        {attributes => (
          <input
            {...attributes}
            name="headline"
            dir="auto"
            required
            value={headline}
            onInput={input => setHeadline(inputValue(input))}
          />
        )}
      </Field>
      <Field label="Id" fault={isTaken ? problem?.detail : faultAt('#/id')}>
        {attributes => <input {...attributes} name="id" value={id} onInput={input => setId(inputValue(input))} />}
      </Field>
      <ImportedEvent event={page.event} />
      <h3>Updates, in the order in which they are posted</h3>
      <ol class="import-updates">
        {page.updates.map((update, index) => (
          <li key={`${index} ${update.lines[0]}`}>
            <label>
              <input
                type="checkbox"
                checked={!left.has(index)}
                onChange={input => toggle(index, input.currentTarget.checked)}
              />{' '}
              <UpdateText update={update} page={page} />
            </label>
          </li>
        ))}
      </ol>
      <Dropped dropped={page.dropped} />
      <p class="fault" role="alert">
        {problem === undefined
          ? ''
          : `${problem.title}. ${problem.detail ?? ''} What was posted stays; post again to go on.`}
      </p>
      <div class="deeds">
        <button class="primary" type="submit" aria-disabled={progress !== undefined}>
          Post the event and {updates.length} {updates.length === 1 ? 'update' : 'updates'}
        </button>
        <button type="button" aria-disabled={progress !== undefined} onClick={() => progress === undefined && back()}>
          Back to the page
        </button>
        <span role="status" class="soft">
          {progress === undefined ? '' : `Posted ${progress.posted} of ${progress.total}… ${progress.waits ?? ''}`}
        </span>
      </div>
    </form>
  )
}

function UpdateText({ update, page }: { update: ArticleUpdate; page: ArticleImport }) {
  const { inLanguage = 'en', timeZone = 'UTC' } = page.event
  const { happenedAt } = update
  const time = happenedAt !== undefined && isMoment(happenedAt) ? fullTime(happenedAt, timeZone, 'en') : happenedAt
  return (
    <span>
      <span class="text" lang={inLanguage} dir="auto">
        {update.bodyText}
      </span>{' '}
      <span class="soft">
        {time === undefined ? '' : `${time} `}
        {linesWords(update.lines)}
      </span>
    </span>
  )
}

function Dropped({ dropped }: { dropped: readonly DroppedLines[] }) {
  if (dropped.length === 0) return null
  return (
    <details>
      <summary>Left out ({dropped.length})</summary>
      <ul class="import-dropped">
        {dropped.map(({ lines, text, reason }, index) => (
          <li key={`${index} ${lines[0]}`}>
            <span class="text" dir="auto">
              {text}
            </span>{' '}
            <span class="soft">
              {reason} {linesWords(lines)}
            </span>
          </li>
        ))}
      </ul>
    </details>
  )
}

function linesWords(lines: readonly number[]): string {
  if (lines.length === 0) return ''
  return lines.length === 1 ? `(line ${lines[0]})` : `(lines ${lines.join(', ')})`
}
