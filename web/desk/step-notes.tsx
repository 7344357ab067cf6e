import type { ComponentChildren } from 'preact'
import type { NormalizationNote } from '../../src/protocol/normalization.ts'
import { DiffText } from './diff-text.tsx'
import { stepWords } from './step-words.ts'

export interface StepNotesProps {
  readonly notes: readonly NormalizationNote[]
  readonly language: string
  /** What can be done about a step, beside its notes. */
  readonly deed?: (step: string) => ComponentChildren
}

/** What was done to an update, step by step, in the order of the steps. */
export function StepNotes({ notes, language, deed }: StepNotesProps) {
  const names = [...new Set(notes.map(({ step }) => step))]
  return (
    <ol class="step-notes">
      {names.map(step => (
        <li key={step}>
          <p class="step-name">
            <b>{stepWords(step)}</b> {deed?.(step)}
          </p>
          <ul>
            {notes
              .filter(note => note.step === step)
              .map((note, index) => (
                <li key={`${index} ${step}`}>
                  {'warning' in note ? (
                    <span class="caution">{note.warning}</span>
                  ) : (
                    <DiffText before={note.before} after={note.after} language={language} />
                  )}
                </li>
              ))}
          </ul>
        </li>
      ))}
    </ol>
  )
}
