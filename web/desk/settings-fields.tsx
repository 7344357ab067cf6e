import { useState } from 'preact/hooks'
import type { NormalizationSettings } from '../../src/protocol/normalization.ts'
import type { ProblemError } from '../../src/protocol/problems.ts'
import { Field } from './field.tsx'
import { GrowingText } from './growing-text.tsx'
import { SWITCHABLE, stepWords } from './step-words.ts'

export interface SettingsFieldsProps {
  readonly settings: NormalizationSettings
  readonly errors: readonly ProblemError[] | undefined
  readonly change: (settings: NormalizationSettings) => void
}

const CALLS = { flag: 'Leave them, with a warning', remove: 'Take them out' } as const

/** One switch for each step that an editor may do without, what happens to calls to action, and the blocked terms. */
export function SettingsFields({ settings, errors, change }: SettingsFieldsProps) {
  const { off, callsToAction, blockedTerms } = settings
  const faultAt = (start: string) =>
    errors
      ?.filter(({ pointer }) => pointer.startsWith(start))
      .map(({ detail }) => detail)
      .join(' ') || undefined
  return (
    <>
      <fieldset class="switches">
        <legend>Steps</legend>
        {SWITCHABLE.map(step => (
          <label key={step}>
            <input
              type="checkbox"
              name={step}
              checked={!off.includes(step)}
              onChange={event => {
                const others = off.filter(name => name !== step)
                change({ ...settings, off: event.currentTarget.checked ? others : [...others, step] })
              }}
            />{' '}
            {stepWords(step)}
          </label>
        ))}
      </fieldset>
      <fieldset class="switches">
        <legend>Calls to action in an update</legend>
        {(Object.keys(CALLS) as (keyof typeof CALLS)[]).map(choice => (
          <label key={choice}>
            <input
              type="radio"
              name="callsToAction"
              value={choice}
              checked={callsToAction === choice}
              onChange={() => change({ ...settings, callsToAction: choice })}
            />{' '}
            {CALLS[choice]}
          </label>
        ))}
      </fieldset>
      <BlockedTerms
        terms={blockedTerms}
        fault={faultAt('#/blockedTerms')}
        change={terms => change({ ...settings, blockedTerms: [...terms] })}
      />
    </>
  )
}

interface BlockedTermsProps {
  readonly terms: readonly string[]
  readonly fault: string | undefined
  readonly change: (terms: readonly string[]) => void
}

/** The text is kept as it is typed: an empty line is one that is about to be written. */
function BlockedTerms({ terms, fault, change }: BlockedTermsProps) {
  const [text, setText] = useState(terms.join('\n'))
  const shown = termsOf(text).join('\n') === terms.join('\n') ? text : terms.join('\n')
  return (
    <Field
      label="Blocked terms"
      hint="One a line: names and words that must not be published unseen. An update that has one waits for an editor."
      fault={fault}
    >
      {attributes => (
        <GrowingText
          attributes={attributes}
          name="blockedTerms"
          value={shown}
          change={typed => {
            setText(typed)
            change(termsOf(typed))
          }}
        />
      )}
    </Field>
  )
}

function termsOf(text: string): string[] {
  return text
    .split('\n')
    .map(line => line.trim())
    .filter(line => line !== '')
}
