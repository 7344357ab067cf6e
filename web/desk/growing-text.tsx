import { useLayoutEffect, useRef } from 'preact/hooks'
import type { FieldAttributes } from './field.tsx'

export interface GrowingTextProps {
  readonly attributes: FieldAttributes
  readonly name: string
  readonly value: string
  readonly change: (value: string) => void
}

/** A text area as tall as its text. Newer browsers do that by style alone (`field-sizing`). */
export function GrowingText({ attributes, name, value, change }: GrowingTextProps) {
  const area = useRef<HTMLTextAreaElement>(null)
  useLayoutEffect(() => {
    if (area.current === null || CSS.supports('field-sizing', 'content')) return
    area.current.style.height = 'auto'
    area.current.style.height = `${area.current.scrollHeight + 2}px`
  }, [value])
  return (
    <textarea
      {...attributes}
      ref={area}
      class="growing"
      name={name}
      rows={5}
      dir="auto"
      value={value}
      onInput={event => change(event.currentTarget.value)}
    />
  )
}
