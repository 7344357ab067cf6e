import type { EntryLine } from '../../feed/archive/event-staging.ts'
import { isLinked } from '../../feed/chain.ts'
import type { ArchiveManifest } from '../../protocol/archive.ts'
import { Entry, readLineHead } from '../../protocol/entry.ts'
import type { Event } from '../../protocol/event.ts'
import { EMPTY_CHAIN } from '../../protocol/position.ts'
import { WebUrl } from '../../protocol/text.ts'
import type { Update } from '../../protocol/update.ts'
import { archiveFault } from './archive-fault.ts'
import { expectShape, readJson } from './read-json.ts'

/** What is known of one update after the entries so far. */
interface KnownUpdate {
  version: number
  /** `gone`: retracted, and its tombstone is still to come; `purged`: nothing stands for it. */
  state: 'shown' | 'key-event' | 'gone' | 'purged'
}

/** The members that readers of lines and the scripts find without parsing stand where they look for them. */
const MEMBERS = new RegExp(
  [
    '^\\{"seq":\\d+,"chain":"[0-9a-f]{40}","at":"[^"]{24}","type":"[a-z]+",(?:"late":true,)?',
    '(?:"acceptNumber":\\d+,(?:"update":\\{"id":"[^"]*","eventId":"[^"]*","version":\\d+,|"event":\\{|"updateId":)',
    '|"updateId":"[^"]*","digest":"[0-9a-f]{40}"\\}$)',
  ].join(''),
)

/** Takes the entries of an archive in order and refuses the first that no feed could have there. */
export class EntryCheck {
  readonly updates = new Map<string, KnownUpdate>()
  /** url -> seq of the first entry that has it, in order. */
  readonly media = new Map<string, number>()
  /** By seq; 0 for a purged one. */
  readonly acceptNumbers: number[] = [0]
  readonly #manifest: ArchiveManifest
  readonly #isSafeHtml: (html: string) => boolean
  #chain = EMPTY_CHAIN
  #at = ''
  #createdAt = ''
  #lastInTurn = 0
  #purged = 0
  #event: Event | undefined

  constructor(manifest: ArchiveManifest, isSafeHtml: (html: string) => boolean) {
    this.#manifest = manifest
    this.#isSafeHtml = isSafeHtml
  }

  get seq(): number {
    return this.acceptNumbers.length - 1
  }

  /** What the entries amount to. */
  get end() {
    const { version = 0 } = this.#event ?? {}
    return { chain: this.#chain, at: this.#at, createdAt: this.#createdAt, purged: this.#purged, eventVersion: version }
  }

  get event(): Event | undefined {
    return this.#event
  }

  /** How many updates stand so after the entries so far. */
  count(...states: KnownUpdate['state'][]): number {
    let count = 0
    for (const { state } of this.updates.values()) if (states.includes(state)) count += 1
    return count
  }

  take(text: string, line: number): EntryLine {
    const value = readJson(text, line)
    this.#expectNext(text, line)
    const entry = expectShape(Entry, value, line)
    if (!MEMBERS.test(text)) throw archiveFault('not-canonical', line, 'Its members are not in the order of an entry.')
    if (!isLinked(this.#chain, text)) {
      throw archiveFault('chain', line, `Entry ${entry.seq} does not link: it, or one before it, was altered.`)
    }
    if (entry.at < this.#at) throw archiveFault('time', line, `Entry ${entry.seq} is older than the one before it.`)
    this.#takeNumber(entry, line)
    this.#takeState(entry, line)
    this.#chain = entry.chain
    this.#at = entry.at
    if (entry.seq === 1) this.#createdAt = entry.at
    // As it is written: what the schema makes of it may have defaults filled in.
    return { entry: value as Entry, line: text }
  }

  #expectNext(text: string, line: number): void {
    const next = this.seq + 1
    const seq = readLineHead(text)?.seq
    if (seq === undefined) throw archiveFault('schema', line, `Entry ${next} should be here: seq and chain first.`)
    if (seq > next) throw archiveFault('hole', line, `Entry ${next} is missing: this is ${seq}.`)
    if (seq < next) throw archiveFault('repeat', line, `Entry ${seq} stands here again, or out of order.`)
  }

  #takeNumber(entry: Entry, line: number): void {
    const number = entry.type === 'purged' ? 0 : entry.acceptNumber
    const isInTurn = entry.type !== 'purged' && entry.late !== true
    if (isInTurn && number <= this.#lastInTurn) {
      throw archiveFault('accept-number', line, `Accept number ${number} comes after ${this.#lastInTurn}.`)
    }
    if (isInTurn) this.#lastInTurn = number
    this.acceptNumbers.push(number)
  }

  #takeState(entry: Entry, line: number): void {
    if (entry.seq === 1 && entry.type !== 'event') {
      throw archiveFault('schema', line, 'The first entry of a feed is the creation of its event.')
    }
    switch (entry.type) {
      case 'event':
        this.#expectOwn(entry.event.id, line)
        if (entry.event.version <= (this.#event?.version ?? 0)) {
          throw archiveFault(
            'update-version',
            line,
            `Version ${entry.event.version} of the event is not above the last.`,
          )
        }
        this.#event = entry.event
        return
      case 'purged':
        this.#purged += 1
        this.updates.set(entry.updateId, { version: 0, state: 'purged' })
        return
      case 'retracted':
        this.#takeVersion(entry.updateId, entry.version, 'gone', line)
        return
      default:
        this.#takeUpdate(entry.update, entry.seq, line)
    }
  }

  #takeUpdate(update: Update, seq: number, line: number): void {
    this.#expectOwn(update.eventId, line)
    this.#takeVersion(update.id, update.version, update.isKeyEvent ? 'key-event' : 'shown', line)
    if (!this.#isSafeHtml(update.bodyHtml)) {
      throw archiveFault('unsafe-html', line, `Update ${update.id} has HTML that no reader may be given.`)
    }
    const embed = update.embeds.find(({ url }) => url !== '' && !WebUrl.safeParse(url).success)
    if (embed !== undefined) {
      throw archiveFault('unsafe-link', line, `Update ${update.id} embeds what is no http or https address.`)
    }
    for (const { url } of update.media) if (url !== undefined && !this.media.has(url)) this.media.set(url, seq)
  }

  #takeVersion(updateId: string, version: number, state: KnownUpdate['state'], line: number): void {
    const before = this.updates.get(updateId)?.version ?? 0
    if (version <= before) {
      throw archiveFault('update-version', line, `Version ${version} of update ${updateId} comes after ${before}.`)
    }
    this.updates.set(updateId, { version, state })
  }

  #expectOwn(eventId: string, line: number): void {
    if (eventId === this.#manifest.eventId) return
    throw archiveFault(
      'wrong-event',
      line,
      `This is of the event ${eventId}, the archive of ${this.#manifest.eventId}.`,
    )
  }
}
