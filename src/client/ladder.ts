import { type BackOff, backOffMs } from './back-off.ts'
import type { LossKind, TransportKind } from './transport.ts'

/** How a lost connection is tried again. A gateway that restarts has all its viewers come back within the first wait. */
const RECONNECT: BackOff = { baseMs: 1_000, capMs: 30_000 }

/** How a better way is looked for, while a lesser one serves. */
const CLIMB: BackOff = { baseMs: 60_000, capMs: 900_000 }

/** Who was given a time to come back comes within this time after it. */
const AFTER_SLOT_MS = 250

/** What spoke against a way is forgotten when it has served for so long. */
export const STEADY_MS = 30_000

/** So many strikes and a way is given up for the next: few where it never brought a room in here. */
const STRIKES = { untried: 2, worked: 4 }

const STRIKES_FOR: Record<LossKind, number> = { unreachable: 1, broken: 1, silent: 2, wait: 0 }

/** Where a client stands among the ways to be connected. */
export interface Ladder {
  /** Those that may be used, best first; at least one. */
  readonly kinds: readonly TransportKind[]
  /** The one that is used, or tried next. */
  readonly kind: TransportKind
  /** What speaks against it, since it was taken or was last steady. */
  readonly strikes: number
  /** A room was let in by it since it was taken. */
  readonly hasWorked: boolean
  /** Losses in a row, by whatever way, since a room was last let in. */
  readonly failures: number
  /** Looks for a better way since the best one was last steady. */
  readonly climbs: number
}

export type LadderEvent =
  | { readonly happened: 'lost'; readonly how: LossKind }
  /** A room was let in, or refused: this way reaches the server. */
  | { readonly happened: 'answered' }
  /** It has served for STEADY_MS. */
  | { readonly happened: 'steady' }
  /** A better way was looked for; `found` is taken. */
  | { readonly happened: 'looked up'; readonly found: TransportKind | undefined }
  /** This device is in a network again, maybe in another one: nothing is known of it. */
  | { readonly happened: 'online' }

export function startLadder(kinds: readonly TransportKind[]): Ladder {
  return { kinds, kind: kinds[0] ?? 'websocket', strikes: 0, hasWorked: false, failures: 0, climbs: 0 }
}

/**
 * Pure: one rung down when a way does not come about or breaks time after time, from the lowest back to the top: then it is
 * the server that is away. Up only to what was found to work.
 */
export function stepLadder(ladder: Ladder, event: LadderEvent): Ladder {
  switch (event.happened) {
    case 'lost':
      return afterLoss({ ...ladder, failures: ladder.failures + 1, strikes: ladder.strikes + STRIKES_FOR[event.how] })
    case 'answered':
      return { ...ladder, failures: 0, hasWorked: true }
    case 'steady':
      // Below the top, looks for a better way stay as rare as they have become.
      return { ...ladder, strikes: 0, climbs: isAtTop(ladder) ? 0 : ladder.climbs }
    case 'looked up': {
      const looked = { ...ladder, climbs: ladder.climbs + 1 }
      return event.found === undefined ? looked : { ...onRung(looked, event.found), failures: 0 }
    }
    case 'online':
      return { ...startLadder(ladder.kinds), kind: ladder.kind }
  }
}

/** Pure: the ladder as it begins again at the top. */
export function atTop(ladder: Ladder): Ladder {
  return onRung(ladder, ladder.kinds[0] ?? ladder.kind)
}

export function isAtTop({ kinds, kind }: Ladder): boolean {
  return kinds.indexOf(kind) <= 0
}

/** Those above the one that is used, best first. */
export function better({ kinds, kind }: Ladder): readonly TransportKind[] {
  return kinds.slice(0, Math.max(0, kinds.indexOf(kind)))
}

/** How long to wait after a loss, in ms: never less than the server asks for, which gave each viewer a time of its own. */
export function retryInMs({ failures }: Ladder, askedMs: number, random: number): number {
  return askedMs > 0 ? askedMs + random * AFTER_SLOT_MS : backOffMs(RECONNECT, Math.max(1, failures), random)
}

/** How long until a better way is looked for, in ms. */
export function climbInMs({ climbs }: Ladder, random: number): number {
  return backOffMs(CLIMB, climbs + 1, random)
}

function afterLoss(ladder: Ladder): Ladder {
  const { kinds, kind, strikes, hasWorked } = ladder
  if (strikes < (hasWorked ? STRIKES.worked : STRIKES.untried)) return ladder
  return onRung(ladder, kinds[(kinds.indexOf(kind) + 1) % kinds.length] ?? kind)
}

function onRung(ladder: Ladder, kind: TransportKind): Ladder {
  return { ...ladder, kind, strikes: 0, hasWorked: false }
}
