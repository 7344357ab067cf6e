import { type BackOff, backOffMs } from '../../../src/client/back-off.ts'

export interface PollNeeds<Answer> {
  readonly ask: (signal: AbortSignal) => Promise<Answer>
  readonly tell: (answer: Answer) => void
  readonly fail: (error: unknown) => void
  /** From an answer to the next question. */
  readonly everyMs: number
  /** While nobody can see the page nothing is asked. */
  readonly isHidden: () => boolean
  /** From 0 up to, not including, 1. */
  readonly random: () => number
}

export interface Poll {
  /** Asks at once, instead of when it would be time. */
  now(): void
  stop(): void
}

/** After so long it is asked again even where nothing was ever answered. */
const CAP_MS = 30_000
/** What takes the server long is not asked for all the time: of so many parts of the time, answering takes one. */
const SHARE = 10

/**
 * Asks again and again, one question at a time. What is answered slowly is asked more rarely, and so is what is not
 * answered; while the page is hidden it does not ask: whoever shows the page again calls `now`.
 */
export function startPoll<Answer>({ ask, tell, fail, everyMs, isHidden, random }: PollNeeds<Answer>): Poll {
  const backOff: BackOff = { baseMs: everyMs, capMs: CAP_MS }
  let failures = 0
  let timer: ReturnType<typeof setTimeout> | undefined
  let asking: AbortController | undefined

  function begin(): void {
    clearTimeout(timer)
    if (isHidden()) return
    asking?.abort()
    const mine = new AbortController()
    asking = mine
    const beganMs = performance.now()
    ask(mine.signal).then(
      answer => settle(mine, { failed: 0, tookMs: performance.now() - beganMs }, () => tell(answer)),
      (error: unknown) => settle(mine, { failed: failures + 1, tookMs: 0 }, () => fail(error)),
    )
  }

  function settle(mine: AbortController, how: { failed: number; tookMs: number }, report: () => void): void {
    if (asking !== mine) return
    asking = undefined
    failures = how.failed
    const restMs = Math.max(everyMs, how.tookMs * (SHARE - 1))
    timer = setTimeout(begin, restMs + (failures === 0 ? 0 : backOffMs(backOff, failures, random())))
    report()
  }

  begin()
  return {
    now: begin,
    stop() {
      clearTimeout(timer)
      asking?.abort()
      asking = undefined
    },
  }
}
