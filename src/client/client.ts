import type { Event } from '../protocol/event.ts'
import type { Snapshot } from '../protocol/snapshot.ts'
import type { Receipt, SubmissionStatus } from '../protocol/submission.ts'
import type { Update } from '../protocol/update.ts'
import { createEditing } from './editing.ts'
import { createHttp, type WriteRequest } from './http.ts'
import { at, EVENTS } from './paths.ts'
import type { ClientOptions, DatelineClient, WriteOptions } from './types.ts'
import { createWatches } from './watch.ts'

/** What a test may want to decide itself. */
export interface Surroundings {
  readonly fetch?: typeof fetch
  readonly random?: () => number
}

/** A client of one Dateline: follows feeds over one socket, and writes over HTTP. Nothing connects before the first watch. */
export function createClient(options: ClientOptions, surroundings: Surroundings = {}): DatelineClient {
  const random = surroundings.random ?? Math.random
  let token = options.token
  const bearer = () => token
  const http = createHttp({ url: options.url, token: bearer, random, fetch: surroundings.fetch ?? globalThis.fetch })
  const read = async <T>(path: string, waitSeconds?: number) => (await http.read(path, { waitSeconds })).body as T
  const watches = createWatches({
    url: options.gatewayUrl ?? options.url,
    token: bearer,
    random,
    fetchUpdate: (eventId, updateId) => read<Update>(at(eventId, 'updates', updateId)),
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
    feed(eventId, { limit, older } = {}) {
      // Only the path of the link counts: the token goes nowhere else.
      const link = older === undefined ? undefined : new URL(older, options.url)
      if (link !== undefined) return read<Snapshot>(link.pathname + link.search)
      return read<Snapshot>(at(eventId, limit === undefined ? 'feed' : `feed?limit=${limit}`))
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
    close: watches.stopAll,
  }
}

/** The path of rel="next" in a Link header (RFC 8288). */
function nextPage(link: string | null): string | undefined {
  return /<(\/[^>]*)>\s*;\s*rel="?next"?/.exec(link ?? '')?.[1]
}
