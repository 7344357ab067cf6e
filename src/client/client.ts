import type { Event } from '../protocol/event.ts'
import type { FeedProof } from '../protocol/ops.ts'
import type { EntryPage, Snapshot } from '../protocol/snapshot.ts'
import type { Receipt, SubmissionStatus } from '../protocol/submission.ts'
import type { Update } from '../protocol/update.ts'
import { createEditing } from './editing.ts'
import { createHttp, type WriteRequest } from './http.ts'
import { at, EVENTS, nextPage } from './paths.ts'
import { createPlaySource } from './play-source.ts'
import { FeedPlayback } from './playback.ts'
import { createPollTransport } from './poll-transport.ts'
import { createSocketTransport } from './socket-transport.ts'
import { createStreamTransport } from './stream-transport.ts'
import { TRANSPORTS } from './transport.ts'
import type { ClientOptions, DatelineClient, WatchOptions, WriteOptions } from './types.ts'
import { createWatches } from './watch.ts'

/** What a test may want to decide itself. */
export interface Surroundings {
  readonly fetch?: typeof fetch
  readonly random?: () => number
}

/** A client of one Dateline: follows feeds by the best way that works, and writes over HTTP. Nothing connects before the first watch. */
export function createClient(options: ClientOptions, surroundings: Surroundings = {}): DatelineClient {
  const random = surroundings.random ?? Math.random
  let token = options.token
  let closing = new AbortController()
  const bearer = () => token
  const fetch = surroundings.fetch ?? globalThis.fetch
  const http = createHttp({ url: options.url, token: bearer, random, fetch })
  const read = async <T>(path: string, waitSeconds?: number) => (await http.read(path, { waitSeconds })).body as T
  const gateway = { url: options.gatewayUrl ?? options.url, token: bearer }
  const now = () => performance.now()
  const watches = createWatches({
    transports: {
      websocket: () => createSocketTransport(gateway),
      stream: () => createStreamTransport({ ...gateway, fetch }),
      poll: () => createPollTransport({ http, now }),
    },
    kinds: options.transports?.length ? options.transports : TRANSPORTS,
    token: bearer,
    random,
    fetchUpdate: (eventId, updateId) => read<Update>(at(eventId, 'updates', updateId)),
    async fetchPinnedAt(eventId, seq) {
      const { pinned } = await read<Snapshot>(at(eventId, `feed?limit=1&at=${seq}`))
      if (pinned === null) throw new Error('nothing was pinned')
      return pinned
    },
  })

  /** 202: accepted, and not known to have ended. Any other success brings what became of it. */
  async function submit<Result>(request: WriteRequest, options: WriteOptions | undefined) {
    const { status, headers, body } = await http.write(request, options)
    const replayed = headers.get('Idempotency-Replayed') === 'true'
    if (status === 202) return { state: 'accepted', receipt: body as Receipt, replayed } as const
    return { state: 'done', body: body as Result, replayed } as const
  }

  async function submitUpdate(request: WriteRequest, options: WriteOptions | undefined) {
    const written = await submit<Update>(request, options)
    if (written.state === 'accepted') return written
    return { state: 'done', update: written.body, replayed: written.replayed } as const
  }

  return {
    ...createEditing({ http, submitUpdate }),
    watch: watches.watch,
    publish: (eventId, draft, options) =>
      submitUpdate({ method: 'POST', path: at(eventId, 'updates'), body: draft }, options),
    revise: (eventId, updateId, version, patch, options) =>
      submitUpdate({ method: 'PATCH', path: at(eventId, 'updates', updateId), version, body: patch }, options),
    retract: (eventId, updateId, version, reason, options) => {
      const body = reason === undefined ? {} : { body: { reason } }
      return submitUpdate({ method: 'DELETE', path: at(eventId, 'updates', updateId), version, ...body }, options)
    },
    async createEvent(draft, options) {
      return (await http.write({ method: 'POST', path: EVENTS, body: draft }, options)).body as Event
    },
    async changeEvent(eventId, version, patch, options) {
      const written = await submit<Event>({ method: 'PATCH', path: at(eventId), version, body: patch }, options)
      if (written.state === 'accepted') return written
      return { state: 'done', event: written.body, replayed: written.replayed }
    },
    async events() {
      const events: Event[] = []
      let page: string | undefined = `${EVENTS}?limit=200`
      while (page !== undefined) {
        const { body, headers } = await http.read(page)
        events.push(...(body as { events: Event[] }).events)
        page = nextPage(headers.get('Link'))
      }
      return events
    },
    event: eventId => read<Event>(at(eventId)),
    proof: (eventId, { after = 0 } = {}) => read<FeedProof>(`${at(eventId, 'proof')}?after=${after}`),
    async feed(eventId, { limit, older, at: place, signal } = {}) {
      // Only the path of the link counts: the token goes nowhere else.
      const link = older === undefined ? undefined : new URL(older, options.url)
      const query = new URLSearchParams()
      if (limit !== undefined) query.set('limit', String(limit))
      if (place !== undefined) query.set('at', String(place))
      const path =
        link === undefined ? at(eventId, query.size === 0 ? 'feed' : `feed?${query}`) : link.pathname + link.search
      return (await http.read(path, { signal })).body as Snapshot
    },
    play: (eventId, options) => {
      const needs = {
        source: createPlaySource(http, eventId),
        watch: (options: WatchOptions) => watches.watch(eventId, options),
        random,
        now,
      }
      const ends = options.signal === undefined ? [closing.signal] : [closing.signal, options.signal]
      return new FeedPlayback(eventId, needs, { ...options, signal: AbortSignal.any(ends) })
    },
    async entries(eventId, { after = 0, limit = 100, signal } = {}) {
      return (await http.read(`${at(eventId, 'entries')}?after=${after}&limit=${limit}`, { signal })).body as EntryPage
    },
    submission(eventId, acceptNumber, { waitSeconds } = {}) {
      const query = waitSeconds === undefined ? '' : `?wait=${Math.ceil(waitSeconds)}`
      return read<SubmissionStatus>(`${at(eventId, 'submissions', String(acceptNumber))}${query}`, waitSeconds)
    },
    setToken(next) {
      if (next === token) return
      token = next
      watches.tokenChanged()
    },
    close() {
      closing.abort()
      closing = new AbortController()
      watches.stopAll()
    },
  }
}
