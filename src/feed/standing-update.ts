import type { Update } from '../protocol/update.ts'

/** One update as the current state of its event has it: what keep-update.lua is given. */
export interface StandingUpdate {
  readonly json: string
  /** Place in time, in ms. */
  readonly sortMs: number
  /** Its line in the list of key events; undefined when it is none. */
  readonly keyEvent: string | undefined
}

/** Pure. The one place that says so for a commit, an import and a look into the past. */
export function standingOf(update: Update): StandingUpdate {
  const { id, headline = '', happenedAt, isKeyEvent, sortTime } = update
  return {
    json: JSON.stringify(update),
    sortMs: Date.parse(sortTime),
    keyEvent: isKeyEvent ? JSON.stringify({ id, headline, happenedAt }) : undefined,
  }
}
