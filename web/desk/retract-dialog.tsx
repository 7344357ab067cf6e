import { useEffect, useRef, useState } from 'preact/hooks'
import type { Update } from '../../src/protocol/update.ts'
import { lineFor } from '../reading/announcement.ts'
import { Field, inputValue } from './field.tsx'

export interface RetractDialogProps {
  readonly update: Update
  readonly retract: (reason: string | undefined) => void
  readonly close: () => void
}

/** Asks before an update is retracted, and for the reason, which readers are told. */
export function RetractDialog({ update, retract, close }: RetractDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  const [reason, setReason] = useState('')
  useEffect(() => dialog.current?.showModal(), [])
  return (
    <dialog ref={dialog} aria-labelledby="retract" onClose={close}>
      <form
        onSubmit={event => {
          event.preventDefault()
          retract(reason.trim() === '' ? undefined : reason.trim())
          dialog.current?.close()
        }}
      >
        <h2 id="retract">Retract this update?</h2>
        <p dir="auto" class="quoted">
          {lineFor(update)}
        </p>
        <p>Its words and pictures go from every page. This cannot be undone.</p>
        <Field label="Reason (optional)" hint="Readers who have the page open see it.">
          {attributes => (
            <input
              {...attributes}
              name="reason"
              dir="auto"
              maxLength={1_000}
              value={reason}
              onInput={event => setReason(inputValue(event))}
            />
          )}
        </Field>
        <div class="deeds">
          <button type="submit" class="danger">
            Retract it
          </button>
          <button type="button" onClick={() => dialog.current?.close()}>
            Keep it
          </button>
        </div>
      </form>
    </dialog>
  )
}
