import { createHash } from 'node:crypto'
import { type RequestHandler, Router } from 'express'
import type { Announcements } from '../feed/announcements.ts'
import type { EventIndex } from '../feed/event-index.ts'
import type { FeedProofs } from '../feed/feed-proofs.ts'
import type { Pollers } from '../feed/pollers.ts'
import { shareReads } from '../feed/share-reads.ts'
import { positionTag } from '../feed/snapshot-text.ts'
import { accept } from '../foundation/accept.ts'
import { Refusal } from '../foundation/errors.ts'
import { bearerOf } from '../foundation/http/bearer.ts'
import { queryNumber } from '../foundation/http/preferences.ts'
import { publicReads } from '../foundation/http/public-reads.ts'
import { mayRead } from '../foundation/tokens.ts'
import { UpdateId } from '../protocol/update.ts'
import { type Compressed, createCompressed } from './compressed.ts'
import { type EntriesNeeds, getEntries } from './entries.ts'
import { getProof } from './proof.ts'
import { eventNotFound, type ReadNeeds, readableEvent, TOP } from './readable-event.ts'
import { sendRepresentation } from './send-representation.ts'
import { wantedSnapshot } from './wanted-snapshot.ts'

export interface PublishNeeds extends ReadNeeds {
  readonly index: Pick<EventIndex, 'page'>
  readonly announcements: Announcements
  readonly pollers: Pick<Pollers, 'saw'>
  readonly enterPoll: EntriesNeeds['enterPoll']
  /** Whose pages may read what is public, beside our own: origins, or `*`. */
  readonly readOrigins: readonly string[]
  readonly proofs: FeedProofs
}

type Needs = PublishNeeds & { readonly compressed: Compressed }

export const MAX_FEED_LIMIT = 200
export const DEFAULT_FEED_LIMIT = 50
export const MAX_EVENTS_LIMIT = 200

/** What everybody may read over HTTP. */
export function createPublish(given: PublishNeeds): Router {
  const needs = { ...given, reader: shareReads(given.reader), compressed: createCompressed() }
  const routes = Router()
  const get = publicReads(routes, needs.readOrigins)
  get('/v1/events', getEvents(needs))
  get('/v1/events/:eventId', getEvent(needs))
  get('/v1/events/:eventId/updates/:updateId', getUpdate(needs))
  get('/v1/events/:eventId/feed', getFeed(needs))
  get('/v1/events/:eventId/entries', getEntries(needs))
  get('/v1/events/:eventId/proof', getProof(needs))
  return routes
}

/** GET /v1/events?limit=&offset=: those that the sender may see, newest first, with an RFC 8288 link to the next page. */
function getEvents({ index, tokens }: PublishNeeds): RequestHandler {
  return async (req, res) => {
    const subject = await bearerOf(req, tokens)
    const limit = queryNumber(req.query['limit'], 'limit', { min: 1, max: MAX_EVENTS_LIMIT, default: 100 })
    const offset = queryNumber(req.query['offset'], 'offset', { min: 0, max: 1_000_000, default: 0 })
    const { events, more } = await index.page(offset, limit)
    if (more) res.links({ next: `/v1/events?limit=${limit}&offset=${offset + limit}` })
    res.set('Cache-Control', 'no-store').json({ events: events.filter(event => mayRead(event, subject)) })
  }
}

function getEvent(needs: Needs): RequestHandler {
  return async (req, res) => {
    const event = await readableEvent(req, needs)
    const tag = `"${event.version}"`
    await sendRepresentation(req, res, { event, json: JSON.stringify(event), tag, times: TOP }, needs.compressed)
  }
}

/** The current version; of a retracted update its tombstone. */
function getUpdate(needs: Needs): RequestHandler {
  return async (req, res) => {
    const event = await readableEvent(req, needs)
    const updateId = accept(UpdateId, req.params['updateId'])
    const json = await needs.reader.update(event.id, updateId)
    if (json === undefined) throw new Refusal('update-not-found', 'There is no such update in this event.')
    const { version } = JSON.parse(json) as { version: number }
    await sendRepresentation(req, res, { event, json, tag: `"${version}"`, times: TOP }, needs.compressed)
  }
}

/**
 * GET /v1/events/:eventId/feed: a snapshot; with `before` a page of older updates; with `at` (a seq, or a moment) the event
 * as readers saw it then.
 */
function getFeed(needs: Needs): RequestHandler {
  return async (req, res) => {
    const event = await readableEvent(req, needs)
    const limit = queryNumber(req.query['limit'], 'limit', { min: 1, max: MAX_FEED_LIMIT, default: DEFAULT_FEED_LIMIT })
    const { snapshot, past, times } = await wantedSnapshot(needs.reader, event.id, req, limit)
    if (snapshot === undefined) throw eventNotFound(event.id)
    const { links } = JSON.parse(`{${snapshot.json.slice(snapshot.json.lastIndexOf('"links":'))}`) as {
      links: { older?: string }
    }
    if (links.older !== undefined) res.links({ next: links.older })
    const { json, position } = snapshot
    // A takedown changes what stands at a position in the past, so there the tag is of the words.
    const tag = past === undefined ? positionTag(position) : `"${createHash('sha1').update(json).digest('hex')}"`
    await sendRepresentation(req, res, { event, json, tag, times }, needs.compressed)
  }
}
