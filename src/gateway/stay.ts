export interface StayNeeds {
  /** How long a socket stays that has asked for no room yet; 0: as long as it likes. */
  readonly joinWithinMs: number
  /** How long one stays that is in no room any more, or was let into none; 0: as long as it likes. */
  readonly stayUnjoinedMs: number
  /** Ends the connection. */
  end(): void
}

/** How long a socket may stay without a room: connections that nobody uses make no room for others. */
export interface Stay {
  /** It asks for a room: it stays at least until that is answered. */
  asks(): void
  /** It was answered, or left: it is in so many rooms now. */
  isIn(rooms: number): void
  /** It is gone: whatever is still answered to it changes nothing. */
  over(): void
}

export function beginStay({ joinWithinMs, stayUnjoinedMs, end }: StayNeeds): Stay {
  let timer: NodeJS.Timeout | undefined
  let isOver = false
  function endIn(ms: number): void {
    clearTimeout(timer)
    if (ms > 0 && !isOver) timer = setTimeout(end, ms)
  }

  endIn(joinWithinMs)
  return {
    asks: () => clearTimeout(timer),
    isIn(rooms) {
      if (rooms === 0) endIn(stayUnjoinedMs)
      else clearTimeout(timer)
    },
    over() {
      isOver = true
      clearTimeout(timer)
    },
  }
}
