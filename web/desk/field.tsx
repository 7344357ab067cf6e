import type { ComponentChildren } from 'preact'
import { useId } from 'preact/hooks'

/** What a control takes over from its field, so that label, hint and fault belong to it. */
export interface FieldAttributes {
  readonly id: string
  readonly 'aria-describedby': string | undefined
  readonly 'aria-invalid': boolean
}

export interface FieldProps {
  readonly label: string
  readonly hint?: string | undefined
  /** What is wrong with it, in a sentence. */
  readonly fault?: string | undefined
  readonly children: (attributes: FieldAttributes) => ComponentChildren
}

/** One labelled control, with its hint and its fault tied to it. */
export function Field({ label, hint, fault, children }: FieldProps) {
  const id = useId()
  const described = [
    ...(hint === undefined ? [] : [`${id}-hint`]),
    ...(fault === undefined ? [] : [`${id}-fault`]),
  ].join(' ')
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {hint === undefined ? null : (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {children({
        id,
        'aria-describedby': described === '' ? undefined : described,
        'aria-invalid': fault !== undefined,
      })}
      {fault === undefined ? null : (
        <p class="fault" id={`${id}-fault`}>
          {fault}
        </p>
      )}
    </div>
  )
}

/** What was typed or chosen, for onInput and onChange. */
export function inputValue(event: { currentTarget: { value: string } }): string {
  return event.currentTarget.value
}
