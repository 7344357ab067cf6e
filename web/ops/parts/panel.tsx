import type { ComponentChildren } from 'preact'
import { useId } from 'preact/hooks'
import { problemWords } from './problem-words.ts'
import type { Deeds } from './use-deeds.ts'
import type { Polled } from './use-polled.ts'

export interface PanelProps {
  readonly title: string
  readonly hint?: string
  readonly class?: string
  readonly children: ComponentChildren
}

/** One part of the console, under its own heading. */
export function Panel({ title, hint, class: name, children }: PanelProps) {
  const id = useId()
  return (
    <section class={name === undefined ? 'card panel' : `card panel ${name}`} aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {hint === undefined ? null : <p class="hint">{hint}</p>}
      {children}
    </section>
  )
}

export interface ReadingProps<Answer> {
  readonly polled: Polled<Answer>
  /** What is read, as it stands in a sentence: "the replays". */
  readonly what: string
  readonly children: (value: Answer) => ComponentChildren
}

/** What was read, or why it could not be; what was read before stays. One part that fails leaves the others alone. */
export function Reading<Answer>({ polled, what, children }: ReadingProps<Answer>) {
  const { value, problem, reload } = polled
  return (
    <>
      {problem === undefined ? null : (
        <p class="fault">
          {value === undefined ? `${upper(what)} could not be read.` : `${upper(what)} may be old.`}{' '}
          {problemWords(problem)}{' '}
          <button type="button" class="link" onClick={reload}>
            Try again
          </button>
        </p>
      )}
      {value === undefined ? problem === undefined ? <p class="soft">Reading {what}…</p> : null : children(value)}
    </>
  )
}

function upper(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1)
}

/** What came of the last deed. */
export function DeedAnswer({ deeds: { said, problem, isBusy } }: { deeds: Deeds }) {
  return (
    <>
      <p class="said" role="status">
        {isBusy ? 'One moment…' : said}
      </p>
      <p class="fault" role="alert">
        {problem === undefined ? '' : problemWords(problem)}
      </p>
    </>
  )
}
