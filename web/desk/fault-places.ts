import type { ProblemError } from '../../src/protocol/problems.ts'
import type { EditorFields } from './editor-fields.ts'

const PLACES: readonly (readonly [RegExp, keyof EditorFields])[] = [
  [/^#\/bodyFormat$/, 'bodyFormat'],
  [/^#\/body$/, 'body'],
  [/^#\/headline$/, 'headline'],
  [/^#\/happenedAt$/, 'happenedAt'],
  [/^#\/source$/, 'source'],
  [/^#\/media(\/0)?(\/url)?$/, 'mediaUrl'],
  [/^#\/media\/0\/alt$/, 'mediaAlt'],
  [/^#\/media\/0\/caption$/, 'mediaCaption'],
  [/^#\/media\/0\/creditText$/, 'mediaCredit'],
  [/^#\/embeds/, 'embedUrl'],
  [/^#\/correction$/, 'correction'],
]

/** Pure: which field of the editor a JSON pointer of a problem speaks of, if any. */
export function fieldAt(pointer: string): keyof EditorFields | undefined {
  return PLACES.find(([pattern]) => pattern.test(pointer))?.[1]
}

/** Pure: what is wrong with one field, as one text, or undefined. */
export function faultOf(errors: readonly ProblemError[] | undefined, field: keyof EditorFields): string | undefined {
  const own = (errors ?? []).filter(error => fieldAt(error.pointer) === field).map(error => error.detail)
  return own.length === 0 ? undefined : own.join(' ')
}

/** Pure: faults that belong to no field of the editor. */
export function otherFaults(errors: readonly ProblemError[] | undefined): readonly ProblemError[] {
  return (errors ?? []).filter(error => fieldAt(error.pointer) === undefined)
}
