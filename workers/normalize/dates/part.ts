import type { CalendarNames } from './calendar-names.ts'
import type { Clues } from './date-clues.ts'

/** A part of a date line that was read: what it says, and where it ends. */
export interface Part {
  readonly clues: Clues
  readonly end: number
}

export interface Reading {
  /** The event's zone (IANA). */
  readonly timeZone: string
  /** The event's language without its region, as `fr`. */
  readonly language: string
  /** Whether 5/12 is the 12th of May. */
  readonly monthFirst: boolean
  readonly names: CalendarNames
}

/** Matches a sticky expression at a place. */
export function matchAt(expression: RegExp, text: string, start: number): RegExpExecArray | undefined {
  expression.lastIndex = start
  return expression.exec(text) ?? undefined
}
