import { useState } from 'preact/hooks'
import { zoneName } from '../reading/times.ts'
import type { EditorFields } from './editor-fields.ts'
import { Field, inputValue } from './field.tsx'

export interface EditorExtrasProps {
  readonly fields: EditorFields
  readonly set: (changed: Partial<EditorFields>) => void
  readonly fault: (field: keyof EditorFields) => string | undefined
  readonly zone: string | undefined
}

const TEXTS = {
  source: { label: 'Source', hint: 'Who says so: an agency, an office, a person.', isUrl: false },
  mediaUrl: { label: 'Address', hint: 'https://…', isUrl: true },
  mediaAlt: { label: 'What it shows, for those who cannot see it', hint: undefined, isUrl: false },
  mediaCaption: { label: 'Caption', hint: undefined, isUrl: false },
  mediaCredit: { label: 'Credit', hint: undefined, isUrl: false },
  embedUrl: { label: 'Post or video elsewhere', hint: 'Its address. Readers are shown a link.', isUrl: true },
} as const

type ExtraText = keyof typeof TEXTS
const EXTRAS = Object.keys(TEXTS) as ExtraText[]

/** What most updates do without: time, source, a picture, something from elsewhere. Open when there is something in it. */
export function EditorExtras({ fields, set, fault, zone }: EditorExtrasProps) {
  const isTimed = fault('happenedAt') !== undefined || fields.happenedAt !== ''
  const isUsed = isTimed || EXTRAS.some(name => fields[name] !== '' || fault(name) !== undefined)
  const [isOpen, setOpen] = useState(isUsed)
  const text = (name: ExtraText) => (
    <Field label={TEXTS[name].label} hint={TEXTS[name].hint} fault={fault(name)}>
      {attributes => (
        <input
          {...attributes}
          inputMode={TEXTS[name].isUrl ? 'url' : 'text'}
          name={name}
          dir={TEXTS[name].isUrl ? 'ltr' : 'auto'}
          autocomplete="off"
          value={fields[name]}
          onInput={event => set({ [name]: inputValue(event) })}
        />
      )}
    </Field>
  )
  return (
    <details open={isOpen || isUsed} onToggle={event => setOpen(event.currentTarget.open)}>
      <summary>Time, source, picture, link</summary>
      <Field
        label={`Happened at (${zone === undefined ? "the event's own time" : `${zoneName(zone)} time`})`}
        hint="Empty means now."
        fault={fault('happenedAt')}
      >
        {attributes => (
          <input
            {...attributes}
            type="datetime-local"
            name="happenedAt"
            value={fields.happenedAt}
            onInput={event => set({ happenedAt: inputValue(event) })}
          />
        )}
      </Field>
      {text('source')}
      <fieldset class="group">
        <legend>Picture</legend>
        {text('mediaUrl')}
        {text('mediaAlt')}
        {text('mediaCaption')}
        {text('mediaCredit')}
      </fieldset>
      {text('embedUrl')}
    </details>
  )
}
