import { useState } from 'preact/hooks'
import { ConfirmDialog, type ConfirmDialogProps } from './confirm-dialog.tsx'

export interface ConfirmButtonProps extends Omit<ConfirmDialogProps, 'close'> {
  readonly label: string
  /** For screen readers, where the label alone does not say what it is about. */
  readonly name?: string | undefined
  readonly isBusy: boolean
}

/** A button whose deed is asked about first. */
export function ConfirmButton({ label, name, isBusy, ...dialog }: ConfirmButtonProps) {
  const [isAsking, setAsking] = useState(false)
  return (
    <>
      <button type="button" aria-label={name} aria-disabled={isBusy} onClick={() => setAsking(!isBusy)}>
        {label}
      </button>
      {isAsking ? <ConfirmDialog {...dialog} close={() => setAsking(false)} /> : null}
    </>
  )
}
