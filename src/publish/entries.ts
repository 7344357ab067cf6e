import type { IncomingMessage } from 'node:http'
import type { Request, RequestHandler } from 'express'
import type { Announcements } from '../feed/announcements.ts'
import type { FeedReader, Lines } from '../feed/feed-reader.ts'
import type { Pollers } from '../feed/pollers.ts'
import { Refusal } from '../foundation/errors.ts'
import { bearerOf } from '../foundation/http/bearer.ts'
import { MAX_WAIT_SECONDS, queryNumber } from '../foundation/http/preferences.ts'
import { formatPosition, parsePosition } from '../protocol/position.ts'
import type { Compressed } from './compressed.ts'
import { eventNotFound, FULL_PAGE, type ReadNeeds, readableEvent, TOP } from './readable-event.ts'
import { sendRepresentation } from './send-representation.ts'

export const MAX_ENTRIES_LIMIT = 1_000
const DEFAULT_ENTRIES_LIMIT = 100

export interface EntriesNeeds extends ReadNeeds {
  readonly pollers: Pick<Pollers, 'saw'>
  /** For one that may wait: answers what ends that. Throws the Refusal `too-many`. */
  readonly enterPoll: (req: IncomingMessage) => () => void
  readonly announcements: Announcements
  readonly compressed: Compressed
}

type After = Parameters<FeedReader['linesAfter']>[1]

/**
 * GET /v1/events/:eventId/entries?after=&limit=&wait=: the lines of a feed after a position, oldest first; with `wait`
 * the request is kept until there is one, or the time is over (long-poll); or until its token holds no more, or the event is
 * not for it any more. The lines are sent as committed.
 */
export function getEntries(needs: EntriesNeeds): RequestHandler {
  return async (req, res) => {
    const event = await readableEvent(req, needs)
    const after = readAfter(req.query['after'])
    const limit = queryNumber(req.query['limit'], 'limit', {
      min: 1,
      max: MAX_ENTRIES_LIMIT,
      default: DEFAULT_ENTRIES_LIMIT,
    })
    const wait = queryNumber(req.query['wait'], 'wait', { min: 0, max: MAX_WAIT_SECONDS, default: 0 })
    if (wait > 0) {
      needs.pollers.saw(event.id, readerOf(req))
      res.once('close', needs.enterPoll(req))
    }
    const over = new AbortController()
    res.once('close', () => over.abort())
    const subject = wait > 0 ? await bearerOf(req, needs.tokens) : undefined
    const leaveToken = subject && needs.tokens.watch(subject, () => over.abort())
    const waiting = { ms: wait * 1_000, over: over.signal, lookAgain: () => bearerOf(req, needs.tokens) }
    const page = await linesSoon(needs, event.id, after, limit, waiting).finally(leaveToken)
    // Behind the lines: the event may have become private with the first of them.
    const readable = wait > 0 ? await readableEvent(req, needs) : event

    const { epoch, position, complete } = page
    const json =
      `{"epoch":${JSON.stringify(epoch)},"entries":[${page.lines.join(',')}],` +
      `"position":${JSON.stringify(position)},"complete":${complete}}`
    const tag = `"${formatPosition(position)}${complete ? '' : ':more'}"`
    if (wait > 0 && page.lines.length === 0) {
      // Waited for in vain: kept by a cache, it would answer the next one who waits at once.
      res.set('Cache-Control', 'no-store').type('json').send(json)
      return
    }
    const isFull = page.lines.length === limit && !complete
    await sendRepresentation(
      req,
      res,
      { event: readable, json, tag, times: isFull ? FULL_PAGE : TOP },
      needs.compressed,
    )
  }
}

/** How long a request waits. Then it looks again at its token, before the store is asked: that may be away. */
interface Waiting {
  readonly ms: number
  readonly over: AbortSignal
  /** Throws the refusal of a token that holds no more. */
  lookAgain(): Promise<unknown>
}

async function linesSoon(
  { reader, announcements }: EntriesNeeds,
  eventId: string,
  after: After,
  limit: number,
  waiting: Waiting,
): Promise<Lines> {
  const read = async () => known(eventId, await reader.linesAfter(eventId, after, limit))
  const now = await read()
  if (now.lines.length > 0 || waiting.ms === 0) return now

  const wake = new AbortController()
  const leave = await announcements.listen(eventId, { line: () => wake.abort(), reconnected: () => wake.abort() })
  try {
    const meanwhile = await read() // what was committed before the subscription stood
    if (meanwhile.lines.length > 0) return meanwhile
    await sleep(waiting.ms, AbortSignal.any([wake.signal, waiting.over]))
    await waiting.lookAgain()
    return await read()
  } finally {
    leave()
  }
}

function known(eventId: string, read: Awaited<ReturnType<FeedReader['linesAfter']>>): Lines {
  if (read.found) return read
  if (read.why === 'no-event') throw eventNotFound(eventId)
  throw new Refusal('position-unknown', 'This position is not in this feed: begin anew with a snapshot.', {
    extra: { reason: read.why },
  })
}

function readAfter(value: unknown): After {
  if (value === undefined) return { seq: 0 }
  if (typeof value === 'string') {
    if (/^\d{1,15}$/.test(value)) return { seq: Number(value) }
    const position = parsePosition(value)
    if (position !== undefined) return position
  }
  const errors = [{ pointer: '#/after', detail: 'Must be a seq, or <epoch>:<seq>:<chain>.' }]
  throw new Refusal('invalid-request', 'See errors.', { extra: { errors } })
}

function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    if (signal.aborted) return resolve()
    const timer = setTimeout(done, ms)
    function done() {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    signal.addEventListener('abort', done)
  })
}

/** What tells readers apart, for counting them only: behind a proxy, what it says; it is believed because nothing hangs on it. */
function readerOf(req: Request): string {
  return [req.socket.remoteAddress, req.get('x-forwarded-for'), req.get('user-agent')].join('\n')
}
