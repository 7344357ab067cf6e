import type { ServerResponse } from 'node:http'
import { readLineHead } from '../protocol/entry.ts'
import { formatPosition } from '../protocol/position.ts'
import { streamEvent, streamRetry } from './event-stream.ts'
import { entryEvent } from './frame.ts'
import type { Joined } from './join-answer.ts'

/** Browsers whose stream broke come again after so long, each after another time. */
const RETRY_MS = { least: 1_000, most: 4_000 }

const HEADERS = {
  'Content-Type': 'text/event-stream; charset=utf-8',
  'Cache-Control': 'private, no-store, no-transform',
  // nginx would keep events back until its buffer is full.
  'X-Accel-Buffering': 'no',
}

/** The body ends with the connection, so that each event is written as it was made: no chunk is put around it. */
export function beginStream(res: ServerResponse): void {
  res.removeHeader('Transfer-Encoding')
  res.shouldKeepAlive = false
  res.writeHead(200, HEADERS)
}

/** What the stream begins with, or begins anew with: see createStreams. */
export function writeJoined(res: ServerResponse, joined: Joined): void {
  const { position } = joined
  const retryMs = RETRY_MS.least + Math.floor(Math.random() * (RETRY_MS.most - RETRY_MS.least))
  const stale = joined.isStale ? ',"stale":true' : ''
  const place = `"position":${JSON.stringify(position)}`
  res.cork()
  res.write(streamRetry(retryMs))
  if (joined.result === 'restarted') {
    const json = `{"reason":"${joined.reason}",${place},"snapshot":${joined.snapshot}${stale}}`
    res.write(streamEvent({ name: 'restarted', id: formatPosition(position), json }))
  } else {
    res.write(streamEvent({ name: 'resumed', json: `{${place}${stale}}` }))
    for (const line of joined.lines) {
      const head = readLineHead(line)
      if (head !== undefined) res.write(entryEvent({ epoch: position.epoch, seq: head.seq, chain: head.chain }, line))
    }
  }
  res.uncork()
}
