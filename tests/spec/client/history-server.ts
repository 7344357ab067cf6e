import { EMPTY_CHAIN, parsePosition } from '../../../src/protocol/position.ts'
import { problems } from '../../../src/protocol/problems.ts'
import { FeedModel } from './feed-model.ts'

export interface HistoryServer {
  /** Replaced when the feed is to be another one. */
  feed: FeedModel
  /** Path and query of each request. */
  readonly asked: string[]
  /** Answered in place of the next requests, first to last. */
  readonly refusals: (keyof typeof problems | 'unreachable')[]
  readonly fetch: typeof fetch
}

/** What `feed?at=` and `entries` answer about a feed that is written down plainly. */
export function historyServer(feed: FeedModel): HistoryServer {
  const server: HistoryServer = {
    feed,
    asked: [],
    refusals: [],
    fetch: async (input, init) => {
      const url = new URL(String(input))
      server.asked.push(url.pathname.replace('/v1/events/harbour-opening/', '') + url.search)
      init?.signal?.throwIfAborted()
      const refusal = server.refusals.shift()
      if (refusal === 'unreachable') throw new TypeError('fetch failed')
      if (refusal !== undefined) return refuse(refusal)
      return url.pathname.endsWith('/entries') ? entries(server.feed, url) : snapshot(server.feed, url)
    },
  }
  return server
}

/** The feed as it was right after an entry. */
export function past(feed: FeedModel, seq: number): FeedModel {
  const then = new FeedModel(feed.epoch, feed.feed)
  for (const { seq: _, chain: __, at: ___, ...part } of feed.entries.slice(1, seq)) then.append(part as never)
  return then
}

function snapshot(feed: FeedModel, { searchParams }: URL): Response {
  const at = searchParams.get('at') ?? ''
  const seq = /^\d+$/.test(at) ? Number(at) : feed.entries.filter(entry => entry.at <= at).length
  if (seq < 1 || seq > feed.entries.length) return refuse('invalid-request')
  const { edge: _, ...shown } = past(feed, seq).snapshot(Number(searchParams.get('limit')))
  return Response.json(shown)
}

function entries(feed: FeedModel, { searchParams }: URL): Response {
  const after = searchParams.get('after') ?? '0'
  const position = parsePosition(after) ?? { epoch: feed.epoch, seq: Number(after), chain: '' }
  if (position.epoch !== feed.epoch) return refuse('position-unknown', { reason: 'epoch-changed' })
  const page = feed.entries.slice(position.seq, position.seq + Number(searchParams.get('limit')))
  const last = page.at(-1) ?? { seq: position.seq, chain: EMPTY_CHAIN }
  return Response.json({
    epoch: feed.epoch,
    entries: page,
    position: { epoch: feed.epoch, seq: last.seq, chain: last.chain },
    complete: last.seq === feed.entries.length,
  })
}

function refuse(code: keyof typeof problems, extra = {}): Response {
  return Response.json({ type: `/problems/${code}`, ...problems[code], ...extra }, { status: problems[code].status })
}
