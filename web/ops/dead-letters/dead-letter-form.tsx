import { useState } from 'preact/hooks'
import { Field, inputValue } from '../../desk/field.tsx'
import { GrowingText } from '../../desk/growing-text.tsx'
import { draftPatch } from './draft-patch.ts'

export interface DeadLetterFormProps {
  /** What was sent. */
  readonly draft: Readonly<Record<string, unknown>>
  readonly isBusy: boolean
  /** Is given what was changed, as a merge patch. */
  readonly retry: (patch: Readonly<Record<string, unknown>>) => void
  readonly close: () => void
}

/** What was sent, to be mended: the words as they are typed, all the rest as JSON. */
export function DeadLetterForm({ draft, isBusy, retry, close }: DeadLetterFormProps) {
  const { headline: firstHeadline, body: firstBody, ...firstRest } = draft
  const [headline, setHeadline] = useState(textOf(firstHeadline))
  const [body, setBody] = useState(textOf(firstBody))
  const [rest, setRest] = useState(JSON.stringify(firstRest, null, 2))
  const [fault, setFault] = useState<string>()
  return (
    <form
      class="mend"
      aria-label="Mend and retry"
      onSubmit={event => {
        event.preventDefault()
        const fields = readFields(rest)
        setFault(
          fields === undefined ? 'This is not a JSON object: look for a missing quote, comma or brace.' : undefined,
        )
        if (fields === undefined || isBusy) return
        retry(draftPatch(draft, { ...fields, ...unlessEmpty({ headline, body }) }))
      }}
    >
      <Field label="Headline (optional)">
        {attributes => (
          <input {...attributes} dir="auto" value={headline} onInput={event => setHeadline(inputValue(event))} />
        )}
      </Field>
      <Field label="Text">
        {attributes => <GrowingText attributes={attributes} name="body" value={body} change={setBody} />}
      </Field>
      <Field label="Everything else" hint="As JSON, with the names that the API has." fault={fault}>
        {attributes => (
          <textarea
            {...attributes}
            class="code"
            rows={6}
            spellcheck={false}
            value={rest}
            onInput={event => setRest(inputValue(event))}
          />
        )}
      </Field>
      <div class="deeds">
        <button type="submit" class="primary" aria-disabled={isBusy}>
          Retry with these words
        </button>
        <button type="button" onClick={close}>
          Leave it as it is
        </button>
      </div>
    </form>
  )
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function unlessEmpty(fields: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(fields).filter(([, text]) => text.trim() !== ''))
}

function readFields(json: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(json.trim() === '' ? '{}' : json)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined
  } catch {
    // Not JSON: the form says so.
    return undefined
  }
}
