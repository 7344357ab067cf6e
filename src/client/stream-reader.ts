import { parsePosition } from '../protocol/position-text.ts'
import { readBeacon, readPosition } from './received.ts'
import type { Heard, JoinQuestion } from './transport.ts'

export interface StreamReaderNeeds {
  /** Given once: what the same question would have been answered on a socket. */
  answer(answer: unknown): void
  heard(message: Heard): void
}

export interface StreamReader {
  readonly isAnswered: boolean
  /** The room was refused, or its token ran out: the server ends the stream, and a room knows what to do. */
  readonly isOver: boolean
  /** `answered`: this event has completed the answer. */
  take(event: {
    readonly event?: string | undefined
    readonly id?: string | undefined
    readonly data: string
  }): 'answered' | 'told'
}

/** Turns the events of one stream into what a socket would bring. Whatever cannot be read becomes a reason to ask again. */
export function createStreamReader(
  { eventId, after }: JoinQuestion,
  { answer, heard }: StreamReaderNeeds,
): StreamReader {
  let isAnswered = false
  let isOver = false
  /** `resumed` came: what comes up to this seq belongs to the answer. */
  let resumed:
    | { readonly answer: Record<string, unknown>; readonly entries: unknown[]; readonly toSeq: number }
    | undefined

  function settle(value: unknown): 'answered' {
    isAnswered = true
    resumed = undefined
    answer(value)
    return 'answered'
  }

  function begin(value: Record<string, unknown> | undefined): 'answered' | 'told' {
    const end = readPosition(value?.['position'])
    if (value === undefined || end === undefined) return settle(undefined)
    resumed = { answer: { ...value, result: 'resumed' }, entries: [], toSeq: end.seq }
    return end.seq <= (after?.seq ?? 0) ? settle({ ...resumed.answer, entries: [] }) : 'told'
  }

  function takeEntry(id: string | undefined, data: string): 'answered' | 'told' {
    const entry = parse(data)
    const position = parsePosition(id ?? '')
    if (resumed === undefined) {
      heard({ kind: 'entry', room: eventId, epoch: position?.epoch, entry })
      return 'told'
    }
    resumed.entries.push(entry)
    const isLast = position === undefined || position.seq >= resumed.toSeq
    return isLast ? settle({ ...resumed.answer, entries: resumed.entries }) : 'told'
  }

  /** What a room is to take as an answer: to its question, or later because the server begins anew. */
  function takeAnswer(value: unknown): 'answered' | 'told' {
    if (!isAnswered) return settle(value)
    heard({ kind: 'answer', room: eventId, answer: value })
    return 'told'
  }

  return {
    get isAnswered() {
      return isAnswered
    },
    get isOver() {
      return isOver
    },
    take({ event, id, data }) {
      if (event === undefined || event === 'message') return takeEntry(id, data)
      const value = parse(data)
      switch (event) {
        case 'resumed':
          return isAnswered ? 'told' : begin(value)
        case 'restarted':
          return takeAnswer({ ...value, result: 'restarted' })
        case 'refused':
          isOver = true
          return takeAnswer({ result: 'refused', problem: value })
        case 'beacon': {
          const beacon = readBeacon(value)
          if (beacon !== undefined) heard({ kind: 'beacon', beacon })
          return 'told'
        }
        case 'notice':
          if (value?.['kind'] !== 'token-expired') return 'told'
          isOver = true
          heard({ kind: 'recheck', room: eventId })
          return 'told'
        default:
          return 'told'
      }
    },
  }
}

function parse(json: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(json) as Record<string, unknown>
  } catch {
    return undefined
  }
}
