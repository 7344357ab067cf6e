/** What is asked again and again while somebody types. */
export interface LatestNeeds<Wish, Answer> {
  readonly ask: (wish: Wish, signal: AbortSignal) => Promise<Answer>
  /** Told of answers in the order of their wishes; the last wish is always answered in the end. */
  readonly tell: (wish: Wish, answer: Answer) => void
  /** Told when the last wish had no answer. */
  readonly fail: (wish: Wish, error: unknown) => void
  /** From one question to the next, at least. */
  readonly everyMs: number
  /** A question without an answer for so long is given up for a newer one. */
  readonly patienceMs: number
}

export interface Latest<Wish> {
  /** Asks for this instead of whatever was wished before. */
  want(wish: Wish): void
  stop(): void
}

/** One question at a time, at most every `everyMs`, and always for the latest wish: what came in between is not asked. */
export function createLatest<Wish, Answer>(needs: LatestNeeds<Wish, Answer>): Latest<Wish> {
  const { ask, tell, fail, everyMs, patienceMs } = needs
  let next: { readonly wish: Wish } | undefined
  let asking: { readonly stop: AbortController; readonly sinceMs: number } | undefined
  let askedMs = Number.NEGATIVE_INFINITY
  let timer: ReturnType<typeof setTimeout> | undefined

  function schedule(): void {
    if (next === undefined || timer !== undefined) return
    const nowMs = performance.now()
    const freeMs = asking === undefined ? nowMs : asking.sinceMs + patienceMs
    timer = setTimeout(begin, Math.max(0, askedMs + everyMs - nowMs, freeMs - nowMs))
  }

  function begin(): void {
    timer = undefined
    if (next === undefined) return
    const { wish } = next
    next = undefined
    asking?.stop.abort()
    const mine = { stop: new AbortController(), sinceMs: performance.now() }
    asking = mine
    askedMs = mine.sinceMs
    ask(wish, mine.stop.signal).then(
      answer => settle(mine, () => tell(wish, answer)),
      (error: unknown) => settle(mine, () => next === undefined && fail(wish, error)),
    )
  }

  function settle(mine: typeof asking, report: () => void): void {
    if (asking !== mine) return
    asking = undefined
    report()
    clearTimeout(timer)
    timer = undefined
    schedule()
  }

  return {
    want(wish) {
      next = { wish }
      schedule()
    },
    stop() {
      next = undefined
      clearTimeout(timer)
      timer = undefined
      asking?.stop.abort()
      asking = undefined
    },
  }
}
