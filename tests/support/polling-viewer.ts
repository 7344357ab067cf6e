import { request } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { formatPosition } from '../../src/protocol/position.ts'
import type { EntryPage, Snapshot } from '../../src/protocol/snapshot.ts'
import { createFeedList } from './feed-list.ts'
import type { PlainViewer } from './plain-viewer.ts'

const WAIT_SECONDS = 5
/** An answer that is not there so long after it was due does not come any more. */
const PATIENCE_MS = WAIT_SECONDS * 1_000 + 3_000
const RETRY_MS = 200

/** A viewer by long-poll: it reads the snapshot, then asks for what comes after its position, each time on a new connection. */
export function pollingViewer(url: string, eventId: string): PlainViewer {
  const list = createFeedList()
  const closed = new AbortController()
  void follow()

  async function follow(): Promise<void> {
    while (!closed.signal.aborted) {
      await poll().catch(() => pause(RETRY_MS)) // it was cut, or refused
    }
  }

  async function poll(): Promise<void> {
    const { position } = list
    if (position === undefined) {
      const snapshot = (await read(`/v1/events/${eventId}/feed`)) as Snapshot
      return list.restarted(snapshot.position, 'first-visit')
    }
    const after = encodeURIComponent(formatPosition(position))
    const page = (await read(`/v1/events/${eventId}/entries?after=${after}&wait=${WAIT_SECONDS}`)) as EntryPage
    for (const entry of page.entries) list.take(page.epoch, entry)
  }

  function read(path: string): Promise<unknown> {
    const signal = AbortSignal.any([closed.signal, AbortSignal.timeout(PATIENCE_MS)])
    return new Promise((resolve, reject) => {
      const req = request(`${url}${path}`, { agent: false, signal })
      req.on('error', reject)
      req.on('response', res => {
        const chunks: Buffer[] = []
        res.on('error', reject)
        res.on('data', (chunk: Buffer) => chunks.push(chunk))
        res.on('end', () => {
          const text = Buffer.concat(chunks).toString()
          if (!res.complete || res.statusCode !== 200) return reject(new Error(`${res.statusCode}: ${text}`))
          resolve(JSON.parse(text))
        })
      })
      req.end()
    })
  }

  return Object.assign(list, { close: () => closed.abort() })
}
