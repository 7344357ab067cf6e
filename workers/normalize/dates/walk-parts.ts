import { calendarNames } from './calendar-names.ts'
import { hasTime, isComplete } from './date-clues.ts'
import { readPart } from './date-parts.ts'
import type { Part, Reading } from './part.ts'

/** How a text in that language is read, in an event of that zone. */
export function readingOf({ timeZone, inLanguage }: { timeZone: string; inLanguage: string }): Reading {
  return {
    timeZone,
    language: inLanguage.split('-', 1)[0]?.toLowerCase() ?? '',
    monthFirst: /-us\b/i.test(inLanguage),
    names: calendarNames(inLanguage),
  }
}

/** Digits of Arabic and Persian as 0 to 9, every space as one, direction marks as spaces: each character keeps its place. */
export function flatten(text: string): string {
  return text
    .replace(/[\u0660-\u0669]/g, digit => String(digit.charCodeAt(0) - 0x660))
    .replace(/[\u06f0-\u06f9]/g, digit => String(digit.charCodeAt(0) - 0x6f0))
    .replace(/[\s\u200e\u200f\u061c\u2066-\u2069]/g, ' ')
}

/** Reads on from `start`: each place where the line may be cut, because what was read until there hangs together. */
export function readParts(line: string, start: number, reading: Reading): Part[] {
  const complete: Part[] = []
  let part: Part | undefined = { clues: { warnings: [] }, end: start }
  while (part !== undefined) {
    part = nextPart(line, part, reading)
    if (part !== undefined && isComplete(part.clues)) complete.push(part)
  }
  return complete
}

export const BETWEEN = /[ ,،;|•·()[\]@/–—-]{0,8}/y
const FILLER = /\p{L}{1,5}/uy
const FILLERS = new Set(
  'at on of the um den à le el la las los de del a alle ore il em às в во о об у dated'.split(' '),
)

function nextPart(line: string, { clues, end }: Part, reading: Reading): Part | undefined {
  // Before dashes are passed over: one right after a time may be an offset's sign.
  const adjacent = hasTime(clues) ? readPart(line, skipSpace(line, end), clues, reading) : undefined
  if (adjacent !== undefined) return adjacent
  let start = end
  for (let words = 0; words < 4; words++) {
    const isIso = start === end && /^T\d/.test(line.slice(end)) && clues.day !== undefined
    start = isIso ? end + 1 : skip(BETWEEN, line, start)
    const part = readPart(line, start, isIso ? { ...clues, isIso: true } : clues, reading)
    if (part !== undefined) return part
    const after = skip(FILLER, line, start)
    const filler = line.slice(start, after)
    if (filler === '' || /\p{L}/u.test(line.charAt(after))) return undefined
    // "11:00 am 15. Dezember": on that day.
    const isGermanAm = filler === 'am' && reading.language === 'de'
    if (!FILLERS.has(filler.toLowerCase()) && !isGermanAm) return undefined
    start = after
  }
  return undefined
}

export function skip(expression: RegExp, line: string, start: number): number {
  expression.lastIndex = start
  return start + (expression.exec(line)?.[0].length ?? 0)
}

function skipSpace(line: string, start: number): number {
  return line.charAt(start) === ' ' ? start + 1 : start
}
