import type { Request, Response } from 'express'
import type { Event } from '../protocol/event.ts'
import { type Compressed, ENCODINGS, MIN_COMPRESSED_BYTES } from './compressed.ts'
import { type CacheTimes, cacheControl } from './readable-event.ts'

/** What is sent of a public or private event. */
export interface Representation {
  readonly event: Event
  readonly json: string
  /** The entity tag, with its quotes. */
  readonly tag: string
  readonly times: CacheTimes
}

/**
 * Sends JSON text with what caches need (RFC 9110, RFC 9111): entity tag, Cache-Control, Vary; 304 where the sender has it.
 * Compressed, it has a weak tag, for it is the same words in other bytes. What is private is sent as it is: it would be
 * compressed for one reader alone.
 */
export async function sendRepresentation(
  req: Request,
  res: Response,
  { event, json, tag, times }: Representation,
  compressed: Compressed,
): Promise<void> {
  res.set('Cache-Control', cacheControl(event, times)).type('json')
  if (event.visibility === 'private') {
    res.set('ETag', tag).send(json)
    return
  }
  res.vary('Accept-Encoding')
  const encoding = ENCODINGS.find(name => req.acceptsEncodings(name) === name)
  if (encoding === undefined || json.length < MIN_COMPRESSED_BYTES) {
    res.set('ETag', tag).send(json)
    return
  }
  res.set({ ETag: `W/${tag}`, 'Content-Encoding': encoding })
  // Without asking for the bytes first: who has it need not wait for them.
  res.send(req.fresh ? '' : await compressed.of(json, encoding))
}
