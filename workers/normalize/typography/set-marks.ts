import type { Edit } from '../body/text-of-blocks.ts'
import { setDashes } from './dashes.ts'
import { setDoubleMarks } from './double-marks.ts'
import type { Marks } from './marks-by-language.ts'
import { setSingleMarks } from './single-marks.ts'

/** Three dots, no more; not in a path, nor in the notation of a game of chess (1...e5). */
const DOTS = /(?<![./\\])\.{3}(?![./\\])(?!(?<=\d\.{3})[\p{L}\p{N}])/gu

/** All marks of a text (code and addresses masked) but French spaces, as the language sets them. Pure. */
export function setMarks(text: string, marks: Marks): Edit[] {
  const doubles = setDoubleMarks(text, marks)
  const dots = (text.includes('...') ? [...text.matchAll(DOTS)] : []).map(({ index }) => ({
    start: index,
    end: index + 3,
    text: '…',
  }))
  const all = [...doubles.edits, ...setSingleMarks(text, marks, doubles), ...setDashes(text, marks), ...dots]
  return all.sort((a, b) => a.start - b.start)
}
