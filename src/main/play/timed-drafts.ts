import { z } from 'zod'
import { readDateLine } from '../../../workers/normalize/dates/read-date-line.ts'
import { EventDraft } from '../../protocol/event.ts'
import { InstantInput } from '../../protocol/time.ts'
import { UpdateDraft } from '../../protocol/update.ts'
import type { Briefing, BriefingItem } from './briefing.ts'
import { BriefingError } from './decode-text.ts'

const EventLine = z.strictObject({ event: EventDraft })
const DraftLine = z
  .strictObject({ at: InstantInput.optional(), offset: z.number().min(0).optional(), draft: UpdateDraft })
  .refine(line => (line.at === undefined) !== (line.offset === undefined), 'Needs either at or offset.')

/**
 * Dateline's own NDJSON of timed drafts: one JSON object a line, empty lines are skipped.
 *
 * ```
 * {"event":{"headline":"The harbour bridge opens","timeZone":"Europe/Oslo"}}
 * {"at":"2026-05-04T10:00:00+02:00","draft":{"body":"The first cars are **waiting**.","bodyFormat":"markdown"}}
 * ```
 *
 * The first line may name the event, with the fields of `POST /v1/events`. Every other line is an update, with the
 * fields of `POST /v1/events/:eventId/updates`, and says when it was posted: `at` (RFC 3339 with an offset; it is the
 * draft's `happenedAt` too, unless that is given or its first line says when) or `offset` (seconds from the beginning; it happens when it is
 * played). A file keeps to one of the two. Lines need not be in order.
 *
 * Throws BriefingError with the number of the line.
 */
export function readTimedDrafts(text: string): Briefing {
  const lines = text
    .split('\n')
    .map((line, index) => ({ number: index + 1, text: line.trim() }))
    .filter(line => line.text !== '')
    .map(line => ({ number: line.number, value: parse(line.text, line.number) }))
  const [first, ...rest] = lines
  const hasEvent = first !== undefined && Object.hasOwn(Object(first.value), 'event')
  const items = (hasEvent ? rest : lines).map(toItem)
  const odd = items.find(item => item.clock !== items[0]?.clock)
  if (odd !== undefined) throw new BriefingError(`${odd.where}: has ${odd.clock}, but the lines before do not.`)
  const start = items[0]?.clock === 'at' ? startOf(items) : {}
  return { event: { ...start, ...(hasEvent ? toEvent(first) : { headline: 'A briefing' }) }, items, leftOut: [] }
}

interface JsonLine {
  readonly number: number
  readonly value: unknown
}

/** Coverage begins with the first update, unless the event says when. */
function startOf(items: readonly BriefingItem[]): Pick<Briefing['event'], 'coverageStartTime'> {
  const first = Math.min(...items.map(({ offsetMs }) => offsetMs))
  return { coverageStartTime: new Date(first).toISOString() }
}

function parse(text: string, number: number): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new BriefingError(`line ${number}: is not valid JSON.`, { cause })
  }
}

function toEvent({ number, value }: JsonLine): Briefing['event'] {
  const { event } = check(EventLine, value, number)
  return event
}

function toItem({ number, value }: JsonLine): BriefingItem & { clock: 'at' | 'offset'; where: string } {
  const { at, offset = 0, draft } = check(DraftLine, value, number)
  const named = { key: `line-${number}`, where: `line ${number}` }
  if (at === undefined) return { ...named, clock: 'offset', offsetMs: offset * 1_000, draft }
  const timed = saysWhen(draft, at) ? draft : { happenedAt: at, ...draft }
  return { ...named, clock: 'at', offsetMs: Date.parse(at), draft: timed }
}

/** A first line such as `15.12.2023 10:00 GMT` is for normalization to read. */
function saysWhen({ body = '', bodyFormat }: UpdateDraft, near: string): boolean {
  const [first = ''] = body.split('\n', 1)
  const read = bodyFormat === 'text' ? readDateLine(first, { timeZone: 'UTC', inLanguage: 'en', near }) : undefined
  return read?.hasDate === true && read.hasTime
}

function check<S extends z.ZodType>(schema: S, value: unknown, number: number): z.output<S> {
  const checked = schema.safeParse(value)
  if (checked.success) return checked.data
  const faults = checked.error.issues.map(({ path, message }) => [path.join('.'), message].filter(Boolean).join(': '))
  throw new BriefingError(`line ${number}: ${faults.join(' ')}`)
}
