import { createParser } from 'eventsource-parser'
import type { Entry } from '../../src/protocol/entry.ts'
import { formatPosition, type Position, parsePosition } from '../../src/protocol/position.ts'
import { createFeedList } from './feed-list.ts'
import type { PlainViewer } from './plain-viewer.ts'

const RETRY_MS = 200
/** A stream has a beacon or an entry every few seconds: one on which nothing comes is none any more. */
const SILENT_MS = 6_000

/** A viewer on event streams: when its stream ends or falls silent it opens another, with the id of the last event. */
export function returningStream(url: string, eventId: string): PlainViewer {
  const list = createFeedList()
  const closed = new AbortController()
  void follow()

  async function follow(): Promise<void> {
    while (!closed.signal.aborted) {
      await readOne().catch(() => undefined) // it was cut, or refused: it is opened again
      if (!closed.signal.aborted) await new Promise(resolve => setTimeout(resolve, RETRY_MS))
    }
  }

  async function readOne(): Promise<void> {
    const silent = new AbortController()
    let timer = setTimeout(() => silent.abort(), SILENT_MS)
    const { position } = list
    try {
      const answer = await fetch(`${url}/v1/events/${eventId}/stream`, {
        headers: position === undefined ? {} : { 'Last-Event-ID': formatPosition(position) },
        signal: AbortSignal.any([closed.signal, silent.signal]),
      })
      if (!answer.ok || answer.body === null) return list.refused()
      const parser = createParser({ onEvent: ({ event, data, id }) => take(event, data, id) })
      for await (const text of answer.body.pipeThrough(new TextDecoderStream())) {
        clearTimeout(timer)
        timer = setTimeout(() => silent.abort(), SILENT_MS)
        parser.feed(text)
      }
    } finally {
      clearTimeout(timer)
    }
  }

  function take(event: string | undefined, data: string, id: string | undefined): void {
    if (event === undefined) {
      const at = parsePosition(id ?? '')
      list.take(at?.epoch ?? '', JSON.parse(data) as Entry)
    } else if (event === 'restarted') {
      const { position, reason } = JSON.parse(data) as { position: Position; reason: string }
      list.restarted(position, reason)
    } else if (event === 'resumed') list.resumed()
  }

  return Object.assign(list, { close: () => closed.abort() })
}
