import type { Request } from 'express'
import type { FeedReader } from '../feed/feed-reader.ts'
import { accept } from '../foundation/accept.ts'
import { Refusal } from '../foundation/errors.ts'
import { bearerOf } from '../foundation/http/bearer.ts'
import { mayRead, type Tokens } from '../foundation/tokens.ts'
import type { Event } from '../protocol/event.ts'
import { EventId } from '../protocol/update.ts'

export interface ReadNeeds {
  readonly reader: FeedReader
  readonly tokens: Tokens
}

/** The event named in the path. One that the sender may not see is refused like one that does not exist. */
export async function readableEvent(req: Request, { reader, tokens }: ReadNeeds): Promise<Event> {
  const subject = await bearerOf(req, tokens)
  const eventId = accept(EventId, req.params['eventId'])
  const event = await reader.event(eventId)
  if (event === undefined || !mayRead(event, subject)) throw eventNotFound(eventId)
  return event
}

export function eventNotFound(eventId: string): Refusal {
  return new Refusal('event-not-found', `There is no event ${eventId}.`)
}

/** For how many seconds a cache may give an answer without asking, and then while it asks (RFC 5861). */
export interface CacheTimes {
  readonly fresh: number
  readonly stale: number
}

/** What the next entry may change. */
export const TOP: CacheTimes = { fresh: 1, stale: 10 }
/** What only a takedown changes: it is everywhere within little more than a minute. */
export const FULL_PAGE: CacheTimes = { fresh: 60, stale: 5 }

/** How long a shared cache may keep an answer (RFC 9111); a private event's nobody may. */
export function cacheControl(event: Event, { fresh, stale }: CacheTimes): string {
  if (event.visibility === 'private') return 'private, no-store'
  return `public, max-age=${fresh}, stale-while-revalidate=${stale}`
}
