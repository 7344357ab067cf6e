import { z } from 'zod'
import { Refusal } from '../foundation/errors.ts'
import { formatPosition, type Position } from '../protocol/position.ts'

/** What a snapshot is put together from: ready-made JSON texts, so that no update is parsed to be sent. */
export interface SnapshotParts {
  readonly eventId: string
  readonly position: Position
  readonly eventJson: string
  readonly updates: readonly string[]
  /** '' when nothing is pinned. */
  readonly pinned: string
  readonly keyEvents: readonly string[]
  /** Cursor of older updates, or '' when there are none. */
  readonly older: string
  /** Of a look into the past: the entry that older updates are read as of, too. */
  readonly at?: number
  readonly limit: number
}

const KeyEvent = z.object({ happenedAt: z.string() })

/** The JSON of `GET /v1/events/:id/feed` (design of Snapshot in src/protocol). Key events come newest first. */
export function snapshotText(parts: SnapshotParts): string {
  const { eventId, position, eventJson, updates, pinned, older, at, limit } = parts
  const keyEvents = parts.keyEvents
    .map(json => ({ json, at: KeyEvent.parse(JSON.parse(json)).happenedAt }))
    .toSorted((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0))
    .map(({ json }) => json)
  const asOf = at === undefined ? '' : `&at=${at}`
  const links = older === '' ? {} : { older: `/v1/events/${eventId}/feed?limit=${limit}&before=${older}${asOf}` }
  return (
    `{"event":${eventJson},"position":${JSON.stringify(position)},"updates":[${updates.join(',')}],` +
    `"pinned":${pinned === '' ? 'null' : pinned},"keyEvents":[${keyEvents.join(',')}],"links":${JSON.stringify(links)}}`
  )
}

/** The HTTP entity tag of what stands at a position (RFC 9110, strong). */
export function positionTag(position: Position): string {
  return `"${formatPosition(position)}"`
}

const CURSOR = /^(-?\d{1,16})\.(\d{15}:[0-9a-f-]{36})$/

/** Reads the cursor of a `links.older`; anything else is refused. */
export function parseCursor(text: string): { score: string; member: string } {
  const match = CURSOR.exec(text)
  if (match === null) throw noCursor()
  return { score: match[1] ?? '', member: match[2] ?? '' }
}

/** The last update of a page of the past: the next one goes on behind it. */
export interface PastCursor {
  readonly sortMs: number
  readonly updateId: string
}

const PAST_CURSOR = /^(-?\d{1,16})\.([0-9a-f-]{36})$/

export function formatPastCursor({ sortMs, updateId }: PastCursor): string {
  return `${sortMs}.${updateId}`
}

/** Reads the cursor of a `links.older` of the past; anything else is refused. */
export function parsePastCursor(text: string): PastCursor {
  const match = PAST_CURSOR.exec(text)
  if (match === null) throw noCursor()
  return { sortMs: Number(match[1]), updateId: match[2] ?? '' }
}

function noCursor(): Refusal {
  const errors = [{ pointer: '#/before', detail: 'Must be the cursor of a links.older.' }]
  return new Refusal('invalid-request', 'See errors.', { extra: { errors } })
}
