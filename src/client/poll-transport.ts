import type { Position } from '../protocol/position.ts'
import type { RestartReason } from '../protocol/socket.ts'
import { type Http, pause } from './http.ts'
import { at, entriesPath } from './paths.ts'
import { isNoDoor, ProblemError } from './problem-error.ts'
import { readEntryPage, readSnapshot } from './received.ts'
import {
  type JoinQuestion,
  NEEDS_SOCKET,
  NO_PORT,
  type Question,
  type Transport,
  type TransportPort,
} from './transport.ts'

const PAGE = 200
/** Whoever lacks more begins anew with a snapshot, as in a room. */
const MAX_CATCH_UP = 1_000

/** A question is not asked again sooner, however fast updates come: caches answer the same within a second anyway. */
const LEAST_INTERVAL_MS = 1_000

/** How long questions ask to be kept waiting, in s: less when something on the way ends those that wait. */
const WAITS_S = [25, 8, 0] as const
const INTERVAL_WITHOUT_WAITING_MS = 5_000

export interface PollTransportNeeds {
  readonly http: Pick<Http, 'read'>
  /** ms, of a clock that never goes back. */
  now(): number
}

/** Asks for what is new, over and over, for each room; a question is kept waiting while there is nothing (long-poll). */
export function createPollTransport({ http, now }: PollTransportNeeds): Transport {
  let port: TransportPort = NO_PORT
  let waitsAt = 0
  const rooms = new Map<string, AbortController>()

  function leave(eventId: string): void {
    rooms.get(eventId)?.abort(new Error('left'))
    rooms.delete(eventId)
  }

  async function join({ eventId, replay, after }: JoinQuestion): Promise<unknown> {
    if (replay !== undefined) return { result: 'refused', problem: NEEDS_SOCKET }
    leave(eventId)
    const end = new AbortController()
    rooms.set(eventId, end)
    try {
      const answer = after
        ? await resume(eventId, { ...after, chain: after.chain ?? '' }, end.signal)
        : await restart(eventId, end.signal)
      end.signal.throwIfAborted()
      // The room takes its answer before what follows it.
      setTimeout(() => void follow(eventId, answer.position, end.signal))
      return answer
    } catch (error) {
      return refusedOrLost(error, end.signal)
    }
  }

  async function restart(eventId: string, signal: AbortSignal, reason: RestartReason = 'first-visit') {
    const snapshot = readSnapshot((await http.read(at(eventId, 'feed'), { signal })).body)
    if (snapshot === undefined) throw new Error('This is no snapshot.')
    return { result: 'restarted', reason, position: snapshot.position, snapshot } as const
  }

  async function resume(eventId: string, after: Position, signal: AbortSignal) {
    const entries: unknown[] = []
    let position = after
    try {
      while (entries.length < MAX_CATCH_UP) {
        const page = await readAfter(eventId, position, 0, signal)
        entries.push(...page.entries)
        position = page.position
        if (page.complete) return { result: 'resumed', position, entries } as const
      }
    } catch (error) {
      return restart(eventId, signal, reasonOf(error))
    }
    return restart(eventId, signal, 'too-far-behind')
  }

  async function readAfter(eventId: string, position: Position, waitSeconds: number, signal: AbortSignal) {
    const wait = waitSeconds === 0 ? '' : `&wait=${waitSeconds}`
    const path = entriesPath(eventId, position, PAGE) + wait
    const page = readEntryPage((await http.read(path, { waitSeconds, signal })).body)
    if (page === undefined) throw new Error('This is no page of entries.')
    return page
  }

  async function follow(eventId: string, from: Position, signal: AbortSignal): Promise<void> {
    let position = from
    while (!signal.aborted) {
      const startedAt = now()
      const asked = await askPatiently(eventId, position, signal)
      if (signal.aborted) return
      let isComplete = true
      if (asked.status === 'fulfilled') {
        const { epoch, entries } = asked.value
        for (const entry of entries) {
          port.heard({ kind: 'entry', room: eventId, epoch, entry })
          if (signal.aborted) return
        }
        position = asked.value.position
        isComplete = asked.value.complete
      } else {
        const next = await beginAnew(eventId, asked.reason, signal)
        if (next === undefined) return
        position = next
      }
      const intervalMs = WAITS_S[waitsAt] === 0 ? INTERVAL_WITHOUT_WAITING_MS : LEAST_INTERVAL_MS
      if (isComplete) await Promise.allSettled([pause(intervalMs - (now() - startedAt), signal)])
    }
  }

  /** A question that was cut while it waited is asked without waiting: that tells whether it was the waiting. */
  async function askPatiently(eventId: string, position: Position, signal: AbortSignal) {
    const waitSeconds = WAITS_S[waitsAt] ?? 0
    const [asked] = await Promise.allSettled([readAfter(eventId, position, waitSeconds, signal)])
    if (asked.status === 'fulfilled' || signal.aborted || waitSeconds === 0 || !isCut(asked.reason)) return asked
    waitsAt += 1
    const [plain] = await Promise.allSettled([readAfter(eventId, position, 0, signal)])
    return plain
  }

  /** Where the feed is another than it was: where it stands now. Undefined when that was not to be had. */
  async function beginAnew(eventId: string, error: unknown, signal: AbortSignal): Promise<Position | undefined> {
    try {
      const answer = await restart(eventId, signal, reasonOf(error))
      if (signal.aborted) return undefined
      port.heard({ kind: 'answer', room: eventId, answer })
      return answer.position
    } catch (reason) {
      fail(eventId, reason, signal)
      return undefined
    }
  }

  /** A room that was followed is no more. */
  function fail(eventId: string, error: unknown, signal: AbortSignal): void {
    if (signal.aborted) return
    const refused = refusalOf(error)
    if (refused === undefined) lose(error)
    else port.heard({ kind: 'answer', room: eventId, answer: refused })
  }

  function refusedOrLost(error: unknown, signal: AbortSignal): unknown {
    const refused = refusalOf(error)
    if (refused !== undefined && !signal.aborted) return refused
    if (!signal.aborted) lose(error)
    throw error
  }

  function lose(error: unknown): void {
    const askedMs = error instanceof ProblemError ? error.retryAfterMs : 0
    const why = error instanceof Error ? error.message : 'Dateline cannot be reached.'
    port.lost({ how: askedMs > 0 ? 'wait' : 'unreachable', why, askedMs })
  }

  return {
    kind: 'poll',
    tell(next) {
      port = next
    },
    open: () => port.opened(),
    async ask(...message: Question) {
      if (message[0] === 'join') return join(message[1])
      if (message[0] === 'leave') leave(message[1].eventId)
      return { result: 'done' }
    },
    close() {
      port = NO_PORT
      for (const eventId of [...rooms.keys()]) leave(eventId)
    },
  }
}

/** Why a position is not in the feed. Rejects with any other error. */
function reasonOf(error: unknown): RestartReason {
  if (!(error instanceof ProblemError) || error.code !== 'position-unknown') throw error
  const { reason } = error.problem
  return reason === 'ahead-of-feed' || reason === 'chain-mismatch' ? reason : 'epoch-changed'
}

/** Dateline's own refusal; what a proxy answers says nothing of who may be where. */
function refusalOf(error: unknown) {
  if (!(error instanceof ProblemError) || error.code === undefined || error.problem.retry) return undefined
  if (isNoDoor(error.problem)) return undefined
  return { result: 'refused', problem: error.problem } as const
}

/** Ended by something on the way, as it seems. */
function isCut(error: unknown): boolean {
  return error instanceof ProblemError && error.code === undefined && error.retryAfterMs === 0
}
