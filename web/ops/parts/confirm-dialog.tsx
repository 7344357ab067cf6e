import type { ComponentChildren } from 'preact'
import { useId, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { Field, inputValue } from '../../desk/field.tsx'

export interface ConfirmDialogProps {
  readonly title: string
  /** What will happen. */
  readonly children: ComponentChildren
  /** What the button that does it says, and the one that does not. */
  readonly deed: string
  readonly keep: string
  /** Asked for and handed over where somebody is told it. */
  readonly reason?: { readonly hint: string; readonly maxLength: number }
  readonly act: (reason: string) => void
  readonly close: () => void
}

/** Asks before something that others notice, or that cannot be undone. */
export function ConfirmDialog({ title, children, deed, keep, reason: asked, act, close }: ConfirmDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  const id = useId()
  const [reason, setReason] = useState('')
  // At once, so that keys that are pressed right after go to the dialog.
  useLayoutEffect(() => dialog.current?.showModal(), [])
  return (
    <dialog ref={dialog} aria-labelledby={id} onClose={close}>
      <form
        onSubmit={event => {
          event.preventDefault()
          if (asked !== undefined && reason.trim() === '') return
          act(reason.trim())
          dialog.current?.close()
        }}
      >
        <h2 id={id}>{title}</h2>
        {children}
        {asked === undefined ? null : (
          <Field label="Reason" hint={asked.hint}>
            {attributes => (
              <input
                {...attributes}
                name="reason"
                dir="auto"
                required
                maxLength={asked.maxLength}
                value={reason}
                onInput={event => setReason(inputValue(event))}
              />
            )}
          </Field>
        )}
        <div class="deeds">
          <button type="submit" class="danger">
            {deed}
          </button>
          <button type="button" onClick={() => dialog.current?.close()}>
            {keep}
          </button>
        </div>
      </form>
    </dialog>
  )
}
