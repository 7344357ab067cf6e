import { useEffect, useRef, useState } from 'preact/hooks'
import { Field, inputValue } from './field.tsx'

export interface DiscardDialogProps {
  readonly line: string
  readonly discard: (reason: string) => void
  readonly close: () => void
}

/** Asks for the reason before what is held is discarded: its submitter and ops are told. */
export function DiscardDialog({ line, discard, close }: DiscardDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  const [reason, setReason] = useState('')
  useEffect(() => dialog.current?.showModal(), [])
  return (
    <dialog ref={dialog} aria-labelledby="discard" onClose={close}>
      <form
        onSubmit={event => {
          event.preventDefault()
          if (reason.trim() === '') return
          discard(reason.trim())
          dialog.current?.close()
        }}
      >
        <h2 id="discard">Discard what is held?</h2>
        <p dir="auto" class="quoted">
          {line}
        </p>
        <p>It will not be published. It is kept for the record, with your name and reason.</p>
        <Field label="Reason" hint="Who submitted it is told.">
          {attributes => (
            <input
              {...attributes}
              name="reason"
              dir="auto"
              required
              maxLength={1_000}
              value={reason}
              onInput={event => setReason(inputValue(event))}
            />
          )}
        </Field>
        <div class="deeds">
          <button type="submit" class="danger">
            Discard it
          </button>
          <button type="button" onClick={() => dialog.current?.close()}>
            Leave it held
          </button>
        </div>
      </form>
    </dialog>
  )
}
