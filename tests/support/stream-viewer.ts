import { type IncomingMessage, request } from 'node:http'
import { createParser, type EventSourceMessage } from 'eventsource-parser'
import { afterEach, expect, vi } from 'vitest'
import type { Entry } from '../../src/protocol/entry.ts'
import { EMPTY_CHAIN, type Position, parsePosition } from '../../src/protocol/position.ts'
import { expectLinked } from './chain.ts'
import { type Person, type TestServer, tokenOf } from './server.ts'

export interface StreamOptions {
  readonly as?: Person | { token: string }
  readonly lastEventId?: string
  readonly query?: string
}

/** A viewer on an event stream, as a browser's EventSource would be: it notes what comes, and where it stands. */
export class StreamViewer {
  readonly res: IncomingMessage
  readonly events: EventSourceMessage[] = []
  readonly retries: number[] = []
  comments = 0
  lastEventId = ''
  isOver = false

  constructor(res: IncomingMessage) {
    this.res = res
    const parser = createParser({
      onEvent: event => {
        this.events.push(event)
        if (event.id !== undefined) this.lastEventId = event.id
      },
      onRetry: ms => this.retries.push(ms),
      onComment: () => {
        this.comments++
      },
    })
    res.setEncoding('utf8').on('data', (text: string) => parser.feed(text))
    res.on('close', () => {
      this.isOver = true
    })
    res.on('error', () => {})
  }

  named(name: string): unknown[] {
    return this.events.filter(({ event }) => event === name).map(({ data }) => JSON.parse(data))
  }

  /** The unnamed events: a browser's onmessage. */
  get entries(): Entry[] {
    return this.events.filter(({ event }) => event === undefined).map(({ data }) => JSON.parse(data) as Entry)
  }

  get position(): Position | undefined {
    return parsePosition(this.lastEventId)
  }

  async reaches(seq: number, timeout = 10_000): Promise<void> {
    await vi.waitFor(() => expect(this.position?.seq).toBeGreaterThanOrEqual(seq), { timeout, interval: 10 })
  }

  /** Each entry follows the one before, from `after` or the last new beginning, and each id is the position behind it. */
  expectNoGap(after: Position = { epoch: '', seq: 0, chain: EMPTY_CHAIN }): void {
    let position = after
    for (const { event, data, id } of this.events) {
      if (event === 'restarted') position = (JSON.parse(data) as { position: Position }).position
      if (event === 'resumed')
        position = { ...position, epoch: (JSON.parse(data) as { position: Position }).position.epoch }
      if (event !== undefined) continue
      const entry = JSON.parse(data) as Entry
      expect(entry.seq).toBe(position.seq + 1)
      position = { epoch: position.epoch, seq: entry.seq, chain: expectLinked(position.chain, [entry]) }
      expect(id).toBe(`${position.epoch}:${position.seq}:${position.chain}`)
    }
  }

  close(): void {
    this.res.destroy()
  }
}

/** Opens an event stream; rejects when it is refused. */
export async function openStream(
  url: string,
  eventId: string,
  { query = '', ...headers }: { query?: string; authorization?: string; 'last-event-id'?: string } = {},
): Promise<StreamViewer> {
  const { hostname, port } = new URL(url)
  const res = await new Promise<IncomingMessage>((resolve, reject) => {
    const path = `/v1/events/${eventId}/stream${query}`
    const req = request({ hostname, port, path, agent: false, headers: { accept: 'text/event-stream', ...headers } })
    req.on('response', resolve).on('error', reject).end()
  })
  expect(res.statusCode).toBe(200)
  return new StreamViewer(res)
}

/** Opens event streams on one server, and closes them after each test. */
export function streamsOf(server: TestServer) {
  const open: StreamViewer[] = []
  afterEach(() => {
    for (const viewer of open.splice(0)) viewer.close()
  })

  return {
    async stream(eventId: string, { as, lastEventId, query }: StreamOptions = {}): Promise<StreamViewer> {
      const viewer = await openStream(server.url, eventId, {
        ...(query === undefined ? {} : { query }),
        ...(as === undefined ? {} : { authorization: `Bearer ${tokenOf(server, as)}` }),
        ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }),
      })
      open.push(viewer)
      return viewer
    },
  }
}
