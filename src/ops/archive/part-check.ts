import { z } from 'zod'
import { AcceptedEvent, AcceptedSettings, AcceptedUpdate } from '../../feed/accepted-drafts.ts'
import { compareFields, type Field } from '../../feed/archive/event-parts.ts'
import { DeskRecord } from '../../feed/draft-reader.ts'
import { Ended } from '../../feed/submission-reader.ts'
import type { ArchiveManifest, ArchivePart } from '../../protocol/archive.ts'
import type { EventStatus } from '../../protocol/event.ts'
import { Update, UpdateId } from '../../protocol/update.ts'
import { archiveFault } from './archive-fault.ts'
import type { EntryCheck } from './entry-check.ts'
import { expectShape, readJson } from './read-json.ts'
import { checkShelved, checkWaiting } from './submission-check.ts'

const Line = z.tuple([z.string(), z.string(), z.string()])
const Milliseconds = z.string().regex(/^\d{1,16}$/, 'Must be a time in ms.')
type NumberedPart = Exclude<ArchivePart, 'counters' | 'tombstones' | 'drafts' | 'desk' | 'media'>
const COUNTERS = ['accepted', 'head']

/** What scripts read from the beginning of a draft without parsing it. */
const DRAFT_START = /^\{"version":[1-9]\d*,/
const SETTINGS = /^\{"version":[1-9]\d*,"settings":\{.*\}\}$/s
const TOMBSTONE_START = /^\{"id":"[^"]*","eventId":"[^"]*","version":[1-9]\d*,/

/** Takes the lines behind the entries, part after part, and refuses the first that does not fit its part or the entries. */
export class PartCheck {
  readonly #manifest: ArchiveManifest
  readonly #entries: EntryCheck
  readonly #media: Iterator<[string, number]>
  readonly #counters = new Map<string, number>()
  #status: EventStatus | undefined
  #last: { part: ArchivePart; field: string } | undefined

  constructor(manifest: ArchiveManifest, entries: EntryCheck) {
    this.#manifest = manifest
    this.#entries = entries
    this.#media = entries.media.entries()
  }

  get accepted(): number {
    return this.#counters.get('accepted') ?? 0
  }

  get head(): number {
    return this.#counters.get('head') ?? 0
  }

  /** As last accepted; undefined before the draft of the event. */
  get status(): EventStatus | undefined {
    return this.#status
  }

  /** The next line, which must be of `part`. */
  take(part: ArchivePart, text: string, line: number): Field {
    const [found, field, value] = expectShape(Line, readJson(text, line), line)
    if (found !== part) throw archiveFault('part', line, `This is of the part ${found}, where ${part} should be.`)
    if (part !== 'media') this.#expectAfterLast(part, field, line)
    this.#check(part, field, value, line)
    return [field, value]
  }

  #expectAfterLast(part: ArchivePart, field: string, line: number): void {
    const isFirst = this.#last?.part !== part
    if (!isFirst && compareFields(this.#last?.field ?? '', field) >= 0) {
      throw archiveFault('order', line, `The fields of ${part} do not rise: ${field} is here.`)
    }
    this.#last = { part, field }
  }

  #check(part: ArchivePart, field: string, value: string, line: number): void {
    if (part === 'counters') this.#checkCounter(field, value, line)
    else if (part === 'tombstones') this.#checkTombstone(field, value, line)
    else if (part === 'drafts') this.#checkDraft(field, value, line)
    else if (part === 'media') this.#checkMedia(field, value, line)
    else if (part === 'desk') {
      expectShape(UpdateId, field, line)
      expectShape(DeskRecord, readJson(value, line), line)
    } else this.#checkNumbered(part, this.#expectNumber(field, line), value, line)
  }

  #checkNumbered(part: NumberedPart, number: number, value: string, line: number): void {
    if (part === 'outbox') checkWaiting(value, this.#manifest.eventId, line)
    else if (part === 'outboxTimes') expectShape(Milliseconds, value, line)
    else if (part === 'outcomes') this.#checkOutcome(number, value, line)
    else if (part !== 'passed') checkShelved(part, value, this.#manifest.eventId, line)
    else if (value !== '' || number > this.head) throw archiveFault('schema', line, `${number} was not passed over.`)
  }

  #checkCounter(field: string, value: string, line: number): void {
    if (!COUNTERS.includes(field) || !/^\d{1,15}$/.test(value)) {
      throw archiveFault('schema', line, `There are the counters ${COUNTERS.join(' and ')}, whole numbers.`)
    }
    this.#counters.set(field, Number(value))
    if (field === 'head' && this.head > this.accepted) {
      throw archiveFault('contradiction', line, `More was committed (${this.head}) than accepted (${this.accepted}).`)
    }
    const highest = this.#entries.acceptNumbers.reduce((most, number) => Math.max(most, number), 0)
    if (field === 'head' && highest > this.head) {
      throw archiveFault('contradiction', line, `An entry has accept number ${highest}, which is above the head.`)
    }
  }

  #checkTombstone(updateId: string, value: string, line: number): void {
    const update = expectShape(Update, readJson(value, line), line)
    const known = this.#entries.updates.get(updateId)
    const isWordless =
      update.bodyHtml === '' && update.bodyText === '' && update.media.length + update.embeds.length === 0
    const fits =
      update.id === updateId && update.eventId === this.#manifest.eventId && update.version === known?.version
    if (known?.state === 'gone' && fits && isWordless && update.retracted !== undefined && TOMBSTONE_START.test(value))
      return
    throw archiveFault('contradiction', line, `This does not stand for a retracted update ${updateId}.`)
  }

  #checkDraft(field: string, value: string, line: number): void {
    const draft = readJson(value, line)
    if (field === 'event') {
      const { event } = expectShape(AcceptedEvent, draft, line)
      if (event.id !== this.#manifest.eventId) {
        throw archiveFault('wrong-event', line, `This is of the event ${event.id}.`)
      }
      this.#status = event.status
    } else if (field === 'normalization') {
      expectShape(AcceptedSettings, draft, line)
    } else {
      expectShape(UpdateId, field, line)
      expectShape(AcceptedUpdate, draft, line)
    }
    if (!(field === 'normalization' ? SETTINGS : DRAFT_START).test(value)) {
      throw archiveFault('not-canonical', line, 'Its version does not come first.')
    }
  }

  #checkOutcome(number: number, value: string, line: number): void {
    const { seq } = expectShape(Ended, readLoosely(value, line), line)
    const inFeed = this.#entries.acceptNumbers[seq]
    if (seq === 0 || inFeed === 0 || inFeed === number) return
    throw archiveFault('contradiction', line, `Accept number ${number} is not the one of entry ${seq}.`)
  }

  #checkMedia(url: string, value: string, line: number): void {
    const { value: next, done } = this.#media.next()
    if (done !== true && url === next[0] && value === String(next[1])) return
    throw archiveFault('contradiction', line, 'The list of media is not the one that the entries make.')
  }

  #expectNumber(field: string, line: number): number {
    const number = /^[1-9]\d{0,14}$/.test(field) ? Number(field) : Number.NaN
    if (number <= this.accepted) return number
    throw archiveFault('accept-number', line, `Accept number ${field} was not given: the last one is ${this.accepted}.`)
  }
}

/** Redis wrote it, in its own way. */
function readLoosely(text: string, line: number): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw archiveFault('not-json', line, 'Its value is not JSON.', cause)
  }
}
