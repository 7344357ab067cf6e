import type { WrittenZone } from './time-zones.ts'

/** What a line has said so far. Immutable: each part of the line makes new clues. */
export interface Clues {
  readonly year?: number
  readonly month?: number
  readonly day?: number
  /** Yesterday is -1, today 0. */
  readonly dayShift?: number
  /** 1 (Monday) to 7, as ISO 8601 counts. */
  readonly weekday?: number
  readonly hour?: number
  readonly minute?: number
  readonly second?: number
  readonly zone?: WrittenZone
  /** `19.30` and `2h30` are times only where something else says so: a date, a zone, "Uhr". */
  readonly timeIsUnsure?: true
  /** Its time follows a T, so that a sign after it is an offset's and not a dash. */
  readonly isIso?: true
  readonly warnings: readonly string[]
}

export const hasTime = (clues: Clues): boolean => clues.hour !== undefined

export const hasDate = (clues: Clues): boolean =>
  (clues.day !== undefined && clues.month !== undefined) || clues.dayShift !== undefined

/** Nothing hangs in the air: a day without its month, or a time that may be a price. */
export function isComplete(clues: Clues): boolean {
  const { year, month, day } = clues
  const dangling = !hasDate(clues) && (year !== undefined || month !== undefined || day !== undefined)
  if (dangling) return false
  if (!hasTime(clues)) return hasDate(clues)
  return clues.timeIsUnsure === undefined || hasDate(clues) || clues.zone !== undefined
}
