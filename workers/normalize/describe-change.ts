import type { StepNote } from './step.ts'

/** A note shows this many characters of each side at most: the desk keeps it beside the raw text. */
const MAX_EXCERPT = 160
const CONTEXT = 20

/** A note with the part that changed, the field's name before it; none when nothing did. */
export function describeChange(field: string, before: string, after: string): StepNote[] {
  if (before === after) return []
  const start = Math.max(0, commonStart(before, after) - CONTEXT)
  const end = Math.max(0, commonEnd(before, after, start) - CONTEXT)
  return [{ before: `${field}: ${excerpt(before, start, end)}`, after: `${field}: ${excerpt(after, start, end)}` }]
}

/** A note that quotes what was taken out, whole: its words count as kept. `became` tells where they are now, if anywhere. */
export function describeRemoval(field: string, removed: string, became = ''): StepNote {
  return { before: `${field}: ${removed}`, after: became === '' ? `${field}: ` : became }
}

function excerpt(text: string, start: number, end: number): string {
  const stop = Math.min(text.length - end, start + MAX_EXCERPT)
  const part = `${start > 0 ? '…' : ''}${text.slice(start, stop)}${stop < text.length ? '…' : ''}`
  return showInvisible(wellFormed(part))
}

function commonStart(a: string, b: string): number {
  let length = 0
  while (length < a.length && length < b.length && a[length] === b[length]) length++
  return length
}

function commonEnd(a: string, b: string, start: number): number {
  const most = Math.min(a.length, b.length) - start
  let length = 0
  while (length < most && a[a.length - 1 - length] === b[b.length - 1 - length]) length++
  return length
}

/** A cut through a surrogate pair leaves half of it, which no JSON on the wire may carry. */
function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '')
}

function showInvisible(text: string): string {
  return text.replace(INVISIBLE, character => {
    const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')
    return `‹U+${code}›`
  })
}

const INVISIBLE = /(?!\n)(?:[\p{Cc}\p{Cf}\p{Variation_Selector}\u00a0\u2028\u2029\u202f\u3164]|[\u{e0000}-\u{e0fff}])/gu
