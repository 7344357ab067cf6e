/** How viewers get in. */
export type Door =
  | { readonly kind: 'socket.io'; readonly url: string; readonly eventId: string }
  | { readonly kind: 'websocket'; readonly url: string }

/** Updates numbered `first`, `first + 1` ... */
export interface Series {
  readonly first: number
  readonly count: number
  readonly perSecond: number
}

/** When the publishing of each number began, on the shared clock (see clock.ts). */
export type Begun = readonly (readonly [number: number, ms: number])[]

/** One of those that are compared: it takes updates and gives each to all of its viewers. */
export interface Contender {
  readonly name: string
  readonly door: Door
  /** Resolves when all are handed over. */
  publish(series: Series): Promise<Begun>
}

/** How the load client finds an update's number in a message: this word and eight digits stand in its text. */
export const MARK = 'benchmark'
export const DIGITS = 8

export function markOf(number: number): string {
  return `${MARK}${String(number).padStart(DIGITS, '0')}`
}
