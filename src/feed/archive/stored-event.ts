import { createHash } from 'node:crypto'
import { ARCHIVE_PARTS, ArchiveManifest, type ArchivePart } from '../../protocol/archive.ts'
import { type Entry, readLineHead } from '../../protocol/entry.ts'
import { EMPTY_CHAIN } from '../../protocol/position.ts'
import { isLinked } from '../chain.ts'
import { archiveName } from './archive-name.ts'
import { compareFields, type Field } from './event-parts.ts'
import { type LineFile, spoolLines } from './line-file.ts'
import { type OrderCursor, StoredOrder } from './stored-order.ts'

/** What a snapshot of an archived event is put together from, beside the event and its position. */
export interface StoredSnapshot {
  readonly updates: string[]
  readonly pinned: string
  readonly keyEvents: string[]
  /** As `links.older` has it; '' when there are no older ones. */
  readonly older: string
}

/** An event in the archive store, opened: each of its lines can be read at once, and none is kept in memory. */
export class StoredEvent {
  readonly manifest: ArchiveManifest
  readonly #file: LineFile
  readonly #order: StoredOrder
  /** The line at which each part begins. */
  readonly #starts: ReadonlyMap<ArchivePart, number>

  /** Use openStoredEvent. */
  constructor(manifest: ArchiveManifest, file: LineFile, order: StoredOrder) {
    this.manifest = manifest
    this.#file = file
    this.#order = order
    let start = 1 + manifest.counts.entries
    this.#starts = new Map(
      ARCHIVE_PARTS.map(part => {
        const own = start
        start += manifest.counts[part]
        return [part, own]
      }),
    )
  }

  /** At most `limit` lines after a seq, as committed. */
  lines(after: number, limit: number): Promise<string[]> {
    return this.#file.read(1 + after, 1 + Math.min(after + limit, this.manifest.counts.entries))
  }

  /** The chain up to an entry. */
  async chainAt(seq: number): Promise<string> {
    if (seq === 0) return EMPTY_CHAIN
    const [line = ''] = await this.lines(seq - 1, 1)
    return readLineHead(line)?.chain ?? ''
  }

  /** The current update as JSON; of a retracted one its tombstone. */
  async update(updateId: string): Promise<string | undefined> {
    const seq = this.#order.seqOf(updateId)
    return seq === undefined ? await this.field('tombstones', updateId) : await this.#updateIn(seq)
  }

  async snapshot(
    limit: number,
    before: OrderCursor | undefined,
    pinnedId: string | undefined,
  ): Promise<StoredSnapshot> {
    const { seqs, older } = this.#order.page(limit, before)
    const updates: string[] = []
    for (const seq of seqs) updates.push(await this.#updateIn(seq))
    const pinnedSeq = pinnedId === undefined ? undefined : this.#order.seqOf(pinnedId)
    return {
      updates,
      pinned: pinnedSeq === undefined ? '' : await this.#updateIn(pinnedSeq),
      keyEvents: this.#order.keyEvents(),
      older: older === undefined ? '' : cursorOf(older, updates.at(-1) ?? ''),
    }
  }

  /** What a part has under a name, or undefined. */
  async field(part: Exclude<ArchivePart, 'media'>, name: string): Promise<string | undefined> {
    const [found] = await this.fields(part, await this.#firstFrom(part, name), 1)
    return found?.[0] === name ? found[1] : undefined
  }

  /** At most `limit` fields of a part, from the one with this place in it on, sorted by field. */
  async fields(part: ArchivePart, from: number, limit: number): Promise<Field[]> {
    const start = this.#starts.get(part) ?? 0
    const to = Math.min(from + limit, this.manifest.counts[part])
    return (await this.#file.read(start + from, start + to)).map(line => {
      const [, field, value] = JSON.parse(line) as [string, string, string]
      return [field, value] as const
    })
  }

  /** Those of a numbered part from one accept number to another, both included. */
  async numbered(part: 'outcomes', first: number, last: number): Promise<Field[]> {
    const found = await this.fields(part, await this.#firstFrom(part, String(first)), last - first + 1)
    return found.filter(([field]) => Number(field) <= last)
  }

  /** At most `limit` of a numbered part with an accept number above `after`. */
  async numbersAfter(part: 'held' | 'dead', after: number, limit: number): Promise<Field[]> {
    return await this.fields(part, await this.#firstFrom(part, String(after + 1)), limit)
  }

  close(): Promise<void> {
    return this.#file.close()
  }

  async #updateIn(seq: number): Promise<string> {
    const [line = ''] = await this.lines(seq - 1, 1)
    const start = UPDATE.exec(line)?.[0].length
    if (start === undefined) throw new Error(`entry ${seq} of ${this.manifest.eventId} has no update`)
    return line.slice(start, -1)
  }

  /** The place of the first field that is not before `name`. */
  async #firstFrom(part: ArchivePart, name: string): Promise<number> {
    let [low, high] = [0, this.manifest.counts[part]]
    while (low < high) {
      const middle = (low + high) >> 1
      const [at] = await this.fields(part, middle, 1)
      if (at !== undefined && compareFields(at[0], name) < 0) low = middle + 1
      else high = middle
    }
    return low
  }
}

/** What stands before the update in a line of type `published` or `revised`. */
const UPDATE =
  /^\{"seq":\d+,"chain":"[0-9a-f]{40}","at":"[^"]*","type":"[a-z]+",(?:"late":true,)?"acceptNumber":\d+,"update":/

/**
 * Opens an archive of an event, which was checked when it was put into the store under this name. Throws when it is not whole,
 * or not the one that was put there: its lines must be those of the name and the manifest, and link.
 */
export async function openStoredEvent(
  eventId: string,
  name: string,
  lines: AsyncIterable<string>,
): Promise<StoredEvent> {
  const order = new StoredOrder()
  const hash = createHash('sha256')
  let manifest: ArchiveManifest | undefined
  let [seq, chain] = [0, EMPTY_CHAIN]
  function take(line: string): void {
    if (manifest === undefined) {
      manifest = ArchiveManifest.parse(JSON.parse(line))
      return
    }
    hash.update(line).update('\n')
    if (seq === manifest.counts.entries) return
    seq += 1
    const head = readLineHead(line)
    if (head?.seq !== seq || !isLinked(chain, line)) throw new Error(`entry ${seq} does not link`)
    chain = head.chain
    order.take(JSON.parse(line) as Entry)
  }
  async function* taken() {
    for await (const line of lines) {
      take(line)
      yield line
    }
  }

  const file = await spoolLines(taken())
  try {
    const sha256 = hash.digest('hex')
    if (manifest?.eventId !== eventId || sha256 !== manifest.sha256 || name !== archiveName(eventId, sha256)) {
      throw new Error(`the archive is not the one of ${eventId} that was put into the store as ${name}`)
    }
    return new StoredEvent(manifest, file, order.close())
  } catch (error) {
    await file.close()
    throw error
  }
}

/** `<score>.<member of order>`, as read-snapshot.lua makes it. */
function cursorOf({ sortMs, place }: OrderCursor, updateJson: string): string {
  const id = /^\{"id":"([^"]*)"/.exec(updateJson)?.[1] ?? ''
  return `${sortMs}.${String(place).padStart(15, '0')}:${id}`
}
