import type { ComponentChildren } from 'preact'
import type { Draft } from './draft.ts'
import { EditorExtras } from './editor-extras.tsx'
import type { EditorFields } from './editor-fields.ts'
import { faultOf, otherFaults } from './fault-places.ts'
import { Field, inputValue } from './field.tsx'
import { GrowingText } from './growing-text.tsx'

export interface EditorProps {
  readonly draft: Draft
  /** The event's zone, once it is known. */
  readonly zone: string | undefined
  /** False when the browser does not keep what is typed. */
  readonly stored: boolean
  readonly change: (draft: Draft) => void
  readonly post: () => void
  readonly clear: () => void
  /** Brings back what was cleared last, as long as nothing was typed since. */
  readonly undoClear: (() => void) | undefined
  /** Why posting does nothing now, in a sentence. */
  readonly hindrance: string | undefined
  /** What is to be revised is on its way: until it is here nothing can be typed. */
  readonly isReading: boolean
  /** Stands above the buttons: the preview. */
  readonly children?: ComponentChildren
}

const FORMATS = { text: 'Text', markdown: 'Markdown', html: 'HTML' } as const
const FLAGS = { isKeyEvent: 'Key event', isBreaking: 'Breaking', isSummary: 'Summary' } as const

/** Writes an update, or revises one. Ctrl+Enter (on a Mac: Command+Enter) posts from any field. */
export function Editor(props: EditorProps) {
  const { draft, zone, stored, change, post, clear, undoClear, hindrance, isReading, children } = props
  const { fields, errors, revises } = draft
  const set = (changed: Partial<EditorFields>) => change({ ...draft, fields: { ...fields, ...changed } })
  const fault = (field: keyof EditorFields) => faultOf(errors, field)
  return (
    <form
      class="card editor"
      aria-labelledby="editor"
      onSubmit={event => {
        event.preventDefault()
        if (!isReading) post()
      }}
      onKeyDown={event => {
        if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return
        event.preventDefault()
        if (!isReading) post()
      }}
    >
      <h2 id="editor" tabIndex={-1}>
        {revises === undefined ? 'New update' : 'Revise an update'}
      </h2>
      {revises === undefined ? null : (
        <p class="hint">
          You edit what was typed, as it was typed. What you leave alone stays exactly as it was accepted.
        </p>
      )}
      {stored ? null : (
        <p class="fault" role="alert">
          This browser does not keep what you type: its storage is full or switched off. Do not reload before you have
          posted.
        </p>
      )}
      <fieldset class="writing-fields" disabled={isReading}>
        <Field label="Headline (optional)" fault={fault('headline')}>
          {attributes => (
            <input
              {...attributes}
              name="headline"
              dir="auto"
              autocomplete="off"
              value={fields.headline}
              onInput={event => set({ headline: inputValue(event) })}
            />
          )}
        </Field>
        <Field label="Text" fault={fault('body')}>
          {attributes => (
            <GrowingText attributes={attributes} name="body" value={fields.body} change={body => set({ body })} />
          )}
        </Field>
        <div class="row">
          <fieldset>
            <legend>Format</legend>
            {(Object.keys(FORMATS) as (keyof typeof FORMATS)[]).map(format => (
              <label key={format}>
                <input
                  type="radio"
                  name="bodyFormat"
                  value={format}
                  checked={fields.bodyFormat === format}
                  onChange={() => set({ bodyFormat: format })}
                />{' '}
                {FORMATS[format]}
              </label>
            ))}
          </fieldset>
          <fieldset>
            <legend>Mark as</legend>
            {(Object.keys(FLAGS) as (keyof typeof FLAGS)[]).map(flag => (
              <label key={flag}>
                <input
                  type="checkbox"
                  name={flag}
                  checked={fields[flag]}
                  onChange={event => set({ [flag]: event.currentTarget.checked })}
                />{' '}
                {FLAGS[flag]}
              </label>
            ))}
          </fieldset>
        </div>
        {revises === undefined ? null : (
          <Field
            label="Correction for readers (optional)"
            hint="A sentence that says what was wrong. It is shown under the update."
            fault={fault('correction')}
          >
            {attributes => (
              <input
                {...attributes}
                name="correction"
                dir="auto"
                value={fields.correction}
                onInput={event => set({ correction: inputValue(event) })}
              />
            )}
          </Field>
        )}
        <EditorExtras fields={fields} set={set} fault={fault} zone={zone} />
        {otherFaults(errors).map(({ pointer, detail }) => (
          <p class="fault" key={pointer}>
            {pointer}: {detail}
          </p>
        ))}
      </fieldset>
      {children}
      <div class="deeds">
        <button class="primary" type="submit" aria-keyshortcuts="Control+Enter Meta+Enter">
          {revises === undefined ? 'Post the update' : 'Post the revision'}
        </button>
        <button type="button" onClick={clear}>
          {revises === undefined ? 'Clear' : 'Stop revising'}
        </button>
        {undoClear === undefined ? null : (
          <button type="button" onClick={undoClear}>
            Bring the text back
          </button>
        )}
        <span class="soft" role="status">
          {isReading ? 'Reading what was typed…' : 'Ctrl+Enter posts'}
        </span>
      </div>
      <p class="fault" role="alert">
        {hindrance ?? ''}
      </p>
    </form>
  )
}
