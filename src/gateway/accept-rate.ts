/** So many seconds' worth of newcomers are let in at once, when it was quiet before. */
const BURST_S = 2
/** Nobody is told to stay away for longer: who comes too early is given another slot. */
export const LONGEST_SLOT_MS = 30_000

/**
 * How many newcomers a gateway lets in a second. Those on top are each given a slot of their own, in the order in which they
 * came: when they come back at it, they come as fast as they can be let in. Nobody is remembered.
 */
export class AcceptRate {
  readonly #perMs: number
  readonly #most: number
  #free: number
  #filledAt: number
  #lastSlot = 0

  constructor(perSecond: number, now: number) {
    this.#perMs = perSecond / 1_000
    this.#most = perSecond * BURST_S
    this.#free = this.#most
    this.#filledAt = now
  }

  /** 0: come in. Else in how many ms the slot is. `now` is in ms, of any clock that does not go back. */
  admit(now: number): number {
    this.#free = Math.min(this.#most, this.#free + (now - this.#filledAt) * this.#perMs)
    this.#filledAt = now
    if (this.#free >= 1) {
      this.#free -= 1
      return 0
    }
    const next = Math.max(this.#lastSlot, now) + 1 / this.#perMs
    this.#lastSlot = Math.min(next, now + LONGEST_SLOT_MS)
    return Math.ceil(this.#lastSlot - now)
  }
}
