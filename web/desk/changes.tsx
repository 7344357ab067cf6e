import { useEffect, useState } from 'preact/hooks'
import type { DatelineClient } from '../../src/client/types.ts'
import type { SwitchableStep } from '../../src/protocol/normalization.ts'
import type { TypedDraft } from '../../src/protocol/preview.ts'
import type { Problem } from '../../src/protocol/problems.ts'
import type { Update } from '../../src/protocol/update.ts'
import { problemOf } from './problem-of.ts'
import { StepNotes } from './step-notes.tsx'
import { isSwitchable, stepWords } from './step-words.ts'

/** Publishes an update again without these steps. `version` is the one of its draft. */
export type KeepAsTyped = (update: Update, version: number, steps: readonly SwitchableStep[], label: string) => void

export interface ChangesProps {
  readonly client: DatelineClient
  readonly update: Update
  readonly line: string
  readonly keepAsTyped: KeepAsTyped
}

/** What was done to a published update, step by step, read when somebody opens it. */
export function Changes({ client, update, line, keepAsTyped }: ChangesProps) {
  const [isOpen, setOpen] = useState(false)
  const [typed, setTyped] = useState<TypedDraft>()
  const [problem, setProblem] = useState<Problem>()

  useEffect(() => {
    if (!isOpen) return
    let isWanted = true
    client.draft(update.eventId, update.id).then(
      answer => {
        if (!isWanted) return
        setTyped(answer)
        setProblem(undefined)
      },
      (error: unknown) => isWanted && setProblem(problemOf(error)),
    )
    return () => {
      isWanted = false
    }
  }, [isOpen, update.version])

  return (
    <details class="changes" open={isOpen} onToggle={event => setOpen(event.currentTarget.open)}>
      <summary>
        What was changed<span class="hidden-text">: {line}</span>
      </summary>
      {problem === undefined ? null : (
        <p class="fault" role="alert">
          It could not be read: {problem.detail ?? problem.title}
        </p>
      )}
      {typed === undefined ? null : <ReadChanges {...{ typed, update, line, keepAsTyped }} />}
    </details>
  )
}

function ReadChanges({ typed, update, line, keepAsTyped }: Omit<ChangesProps, 'client'> & { typed: TypedDraft }) {
  const kept = typed.draft.keepAsTyped ?? []
  const keep = (step: SwitchableStep) =>
    keepAsTyped(update, typed.version, [...kept.filter(name => name !== step), step], 'Kept as typed')
  const clean = (step: SwitchableStep) =>
    keepAsTyped(
      update,
      typed.version,
      kept.filter(name => name !== step),
      'Cleaned again',
    )
  return (
    <>
      {typed.normalization.length === 0 ? <p class="soft">Nothing was changed.</p> : null}
      <StepNotes
        notes={typed.normalization}
        language={update.inLanguage}
        deed={step =>
          isSwitchable(step) ? (
            <button type="button" aria-label={`Keep as typed: ${stepWords(step)}, ${line}`} onClick={() => keep(step)}>
              Keep as typed
            </button>
          ) : null
        }
      />
      {kept.length === 0 ? null : (
        <ul class="step-notes" aria-label="Kept as typed">
          {kept.map(step => (
            <li key={step}>
              <p class="step-name">
                <span>
                  <b>{stepWords(step)}</b>: kept as typed
                </span>{' '}
                <button
                  type="button"
                  aria-label={`Clean it again: ${stepWords(step)}, ${line}`}
                  onClick={() => clean(step)}
                >
                  Clean it again
                </button>
              </p>
            </li>
          ))}
        </ul>
      )}
    </>
  )
}
