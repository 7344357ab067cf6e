import type { IncomingMessage, ServerResponse } from 'node:http'
import { type RequestHandler, Router } from 'express'
import { accept } from '../foundation/accept.ts'
import { Refusal } from '../foundation/errors.ts'
import { bearerOf } from '../foundation/http/bearer.ts'
import { publicReads } from '../foundation/http/public-reads.ts'
import type { Logger } from '../foundation/logger.ts'
import type { Metrics } from '../foundation/metrics.ts'
import type { Tokens } from '../foundation/tokens.ts'
import { type PositionInput, parsePosition } from '../protocol/position.ts'
import { EventId } from '../protocol/update.ts'
import type { Door } from './door.ts'
import { drainSlots } from './drain-slots.ts'
import { STREAM_HEARTBEAT, streamEvent, streamRetry } from './event-stream.ts'
import { eventNotFound } from './latest-snapshot.ts'
import { isOriginAllowed, originRefused } from './origin.ts'
import { problemOf } from './problem-of.ts'
import type { Rooms } from './rooms.ts'
import { beginStream, writeJoined } from './stream-response.ts'
import { streamViewer } from './stream-viewer.ts'

export interface StreamsNeeds {
  readonly rooms: Rooms
  readonly tokens: Tokens
  readonly door: Door
  /** Whose pages may connect, beside the gateway's own: origins, or `*`. */
  readonly readOrigins: readonly string[]
  readonly metrics: Pick<Metrics, 'drops'>
  readonly log: Logger
}

export interface Streams {
  /** GET /v1/events/:eventId/stream */
  readonly routes: Router
  readonly viewers: number
  /** From now on nobody is let in; who is there is told to come again, each at another time up to `overMs`. */
  drain(overMs: number): void
  /** Ends those that are left. */
  close(): void
}

/** Proxies end connections on which nothing is sent, mostly after a minute. */
export const HEARTBEAT_MS = 15_000
/** One whose slot has come is to connect elsewhere at once. */
const RETRY_AT_ONCE_MS = 100

interface OpenStream {
  readonly res: ServerResponse
  end(): void
}

/**
 * Viewers on event streams (WHATWG HTML, server-sent events): the same rooms, tails and rules as on sockets. The first
 * thing that a stream is sent is `resumed`, with the entries after Last-Event-ID behind it, or `restarted` with a snapshot
 * and the reason; entries are unnamed events whose `id` is the position behind them. `beacon` and `notice` are as on sockets.
 */
export function createStreams({ rooms, tokens, door, readOrigins, metrics, log }: StreamsNeeds): Streams {
  const open = new Set<OpenStream>()
  let isDraining = false
  const routes = Router()
  publicReads(routes, readOrigins)('/v1/events/:eventId/stream', getStream())

  /** Answers what ends its stay. */
  async function admit(req: IncomingMessage): Promise<() => void> {
    if (isDraining) throw new Refusal('unavailable', 'This gateway is going. Connect again.')
    if (!isOriginAllowed(req, readOrigins)) throw originRefused(req)
    const refusal = await door.knock(req)
    if (refusal !== undefined) throw refusal
    return door.enterStream(req)
  }

  function getStream(): RequestHandler {
    return async (req, res) => {
      res.once('close', await admit(req))
      const subject = await bearerOf(req, tokens)
      const eventId = accept(EventId, req.params['eventId'])
      const room = await rooms.enter({ eventId })
      if (room === undefined) throw eventNotFound(eventId)
      const after = readAfter(req.get('last-event-id') || req.query['after'], room.position.epoch)

      const viewer = streamViewer({
        res,
        subject,
        beginAnew: reason => void room.restart(viewer, reason, joined => writeJoined(res, joined)).catch(refuse),
        letGo() {
          metrics.drops.inc({ reason: 'behind' })
          res.destroy()
        },
      })
      const refuse = (error: unknown) => {
        log.debug({ err: error, eventId }, 'stream was not begun anew')
        if (!res.writableEnded) res.end(streamEvent({ name: 'refused', json: JSON.stringify(problemOf(error)) }))
      }
      const leave = () => room.leave(viewer)
      res.once('close', leave)
      await room.join(viewer, after, joined => {
        beginStream(res)
        if (req.method === 'GET') writeJoined(res, joined)
      })
      // It may have gone while its answer was read; and HEAD asks for no body.
      if (res.closed) leave()
      else if (req.method === 'HEAD') res.end()
      else keep(res, leave)
    }
  }

  function keep(res: ServerResponse, leave: () => void): void {
    const heartbeat = setInterval(() => {
      if (res.writableLength === 0) res.write(STREAM_HEARTBEAT)
    }, HEARTBEAT_MS)
    const stream: OpenStream = {
      res,
      end() {
        leave()
        res.end(streamRetry(RETRY_AT_ONCE_MS))
      },
    }
    open.add(stream)
    res.once('close', () => {
      clearInterval(heartbeat)
      open.delete(stream)
    })
  }

  return {
    routes,
    get viewers() {
      return open.size
    },
    drain(overMs) {
      isDraining = true
      const slots = drainSlots(open.size, overMs)
      for (const stream of open) {
        const slot = setTimeout(stream.end, slots.shift())
        stream.res.once('close', () => clearTimeout(slot))
      }
    },
    close() {
      for (const { res } of open) res.destroy()
    },
  }
}

/** A seq alone is one of the feed as it is now. Nothing is a first visit. */
function readAfter(value: unknown, epoch: string): PositionInput | null {
  if (value === undefined || value === '') return null
  if (typeof value === 'string') {
    if (/^\d{1,15}$/.test(value)) return { epoch, seq: Number(value) }
    const position = parsePosition(value)
    if (position !== undefined) return position
  }
  const errors = [
    { pointer: '#/after', detail: 'Must be <epoch>:<seq>:<chain>, as the ids of the stream are, or a seq.' },
  ]
  throw new Refusal('invalid-request', 'See errors.', { extra: { errors } })
}
