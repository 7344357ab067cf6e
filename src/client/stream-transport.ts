import { formatPosition } from '../protocol/position-text.ts'
import { at } from './paths.ts'
import { createStreamReader } from './stream-reader.ts'
import { readEvents, refusalOf } from './stream-response.ts'
import {
  ANSWER_TIMEOUT_MS,
  type JoinQuestion,
  type Loss,
  NEEDS_SOCKET,
  NO_PORT,
  type Question,
  type Transport,
  type TransportPort,
} from './transport.ts'

/** A stream is given a sign of life every 15 s: one without any for so long has something on its way that keeps it back. */
const SILENCE_MS = 45_000

export interface StreamTransportNeeds {
  /** Where the gateways are. */
  readonly url: string
  token(): string | undefined
  readonly fetch: typeof fetch
}

/**
 * An event stream (WHATWG HTML, server-sent events) for each room, by fetch: EventSource could send the token in the address
 * only. A browser that speaks HTTP/1.1 has six connections to a server, so that few rooms can be followed at once.
 */
export function createStreamTransport({ url, token, fetch }: StreamTransportNeeds): Transport {
  let port: TransportPort = NO_PORT
  const streams = new Map<string, AbortController>()

  function leave(eventId: string): void {
    streams.get(eventId)?.abort(new Error('left'))
    streams.delete(eventId)
  }

  async function join(question: JoinQuestion): Promise<unknown> {
    const { eventId, replay } = question
    if (replay !== undefined) return { result: 'refused', problem: NEEDS_SOCKET }
    leave(eventId)
    const end = new AbortController()
    streams.set(eventId, end)
    return new Promise((resolve, reject) => {
      end.signal.addEventListener('abort', () => reject(end.signal.reason))
      void follow(question, end, resolve)
    })
  }

  /** Reads one stream until it ends or is left. */
  async function follow(
    question: JoinQuestion,
    end: AbortController,
    answer: (answer: unknown) => void,
  ): Promise<void> {
    const { eventId } = question
    const { signal } = end
    const lose = (loss: Loss) => {
      if (signal.aborted) return
      end.abort(new Error(loss.why))
      port.lost(loss)
    }
    const broken = (): Loss => ({ how: 'broken', why: 'The connection was lost.', askedMs: retryMs })
    const silent = () => lose({ how: 'silent', why: 'Nothing comes through.' })
    let retryMs = 0
    /** It was told when to come again after its last event: the server is about to end the stream. */
    let isLeaving = false
    let silence = setTimeout(silent, ANSWER_TIMEOUT_MS)
    const stay = createStreamReader(question, {
      answer,
      heard: message => {
        if (!signal.aborted) port.heard(message)
      },
    })
    try {
      const response = await request(question, signal)
      const refusal = await refusalOf(response)
      if (refusal?.do === 'refuse') return answer({ result: 'refused', problem: refusal.problem })
      if (refusal?.do === 'lose') return lose(refusal.loss)
      await readEvents(response, {
        async take(event) {
          if (signal.aborted) return
          isLeaving = false
          // The room takes its answer before what follows it.
          if (stay.take(event) === 'answered') await new Promise(resolve => setTimeout(resolve))
        },
        retry(ms) {
          retryMs = ms
          isLeaving = true
        },
        alive() {
          clearTimeout(silence)
          silence = setTimeout(silent, stay.isAnswered ? SILENCE_MS : ANSWER_TIMEOUT_MS)
        },
      })
      if (signal.aborted || stay.isOver) return
      if (isLeaving && stay.isAnswered) port.heard({ kind: 'draining', inMs: retryMs })
      else lose(broken())
    } catch {
      lose(stay.isAnswered ? broken() : { how: 'unreachable', why: 'The gateway cannot be reached.' })
    } finally {
      clearTimeout(silence)
      if (streams.get(eventId) === end) streams.delete(eventId)
      // Whoever still waits for an answer gets none; and what is left of the response is let go.
      end.abort(new Error('the stream ended'))
    }
  }

  function request({ eventId, after }: JoinQuestion, signal: AbortSignal): Promise<Response> {
    const headers = new Headers({ Accept: 'text/event-stream' })
    const bearer = token()
    if (bearer !== undefined) headers.set('Authorization', `Bearer ${bearer}`)
    const target = new URL(at(eventId, 'stream'), url)
    // A position is no secret; as Last-Event-ID it would cost readers from other sites a question before.
    if (after) target.searchParams.set('after', formatPosition({ ...after, chain: after.chain ?? '' }))
    return fetch(target, { headers, signal, cache: 'no-store' })
  }

  return {
    kind: 'stream',
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
      for (const eventId of [...streams.keys()]) leave(eventId)
    },
  }
}
