import { createHash } from 'node:crypto'
import type { Field } from '../../feed/archive/event-parts.ts'
import type { EntryLine, StagedEnd } from '../../feed/archive/event-staging.ts'
import {
  ARCHIVE_FORMAT,
  ARCHIVE_PARTS,
  ARCHIVE_VERSION,
  ArchiveManifest,
  type ArchivePart,
} from '../../protocol/archive.ts'
import type { Event } from '../../protocol/event.ts'
import { archiveFault } from './archive-fault.ts'
import { EntryCheck } from './entry-check.ts'
import { PartCheck } from './part-check.ts'
import { expectShape, readJson } from './read-json.ts'

/** Is given what was checked, batch by batch, and keeps the reading waiting meanwhile. */
export interface ArchiveTaker {
  /** Before all else. It may refuse. */
  manifest?(manifest: ArchiveManifest): Promise<void>
  entries?(batch: readonly EntryLine[]): Promise<void>
  fields?(part: ArchivePart, batch: readonly Field[]): Promise<void>
  /** How many lines of how many were checked. */
  progress?(done: number, total: number): void
}

export interface CheckedArchive {
  readonly manifest: ArchiveManifest
  readonly event: Event
  readonly end: StagedEnd
}

/** So many lines are checked in one go: some ms, so that others get their turn in between, and memory stays low. */
const BATCH = 25

/**
 * Checks an archive line by line: its form, the chain, each entry by the schema, the HTML of each update, and that all
 * parts fit together. Throws archive-broken at the first fault, when all before it has been handed to the taker.
 */
export async function checkArchive(
  lines: AsyncIterable<string>,
  isSafeHtml: (html: string) => boolean,
  taker: ArchiveTaker = {},
): Promise<CheckedArchive> {
  const source = new NumberedLines(lines)
  try {
    return await checkAll(source, isSafeHtml, taker)
  } finally {
    await source.stop()
  }
}

async function checkAll(source: NumberedLines, isSafeHtml: (html: string) => boolean, taker: ArchiveTaker) {
  const manifest = readManifest(await source.next('the manifest'))
  await taker.manifest?.(manifest)
  const { counts } = manifest
  const hash = createHash('sha256')
  const total = counts.entries + ARCHIVE_PARTS.reduce((sum, part) => sum + counts[part], 0)

  /** Takes `count` lines, and hands on what `check` makes of them. */
  async function takeAll<T>(
    count: number,
    what: string,
    check: (text: string, line: number) => T,
    hand: (batch: readonly T[]) => Promise<void> | undefined,
  ): Promise<void> {
    let batch: T[] = []
    for (let i = 1; i <= count; i++) {
      const text = await source.next(what)
      hash.update(text).update('\n')
      batch.push(check(text, source.line))
      if (batch.length < BATCH && i < count) continue
      await hand(batch)
      batch = []
      taker.progress?.(source.line - 1, total)
    }
  }

  const entries = new EntryCheck(manifest, isSafeHtml)
  await takeAll(
    counts.entries,
    'entries',
    (text, line) => entries.take(text, line),
    batch => taker.entries?.(batch),
  )
  expectCounts(manifest, entries)
  const parts = new PartCheck(manifest, entries)
  for (const part of ARCHIVE_PARTS) {
    await takeAll(
      counts[part],
      part,
      (text, line) => parts.take(part, text, line),
      batch => taker.fields?.(part, batch),
    )
  }
  await source.expectEnd()
  if (hash.digest('hex') !== manifest.sha256) {
    throw archiveFault('sha256', 1, 'The lines are not those that the manifest was made of.')
  }
  const { event } = entries
  const { accepted, head, status } = parts
  if (event === undefined || status === undefined) throw archiveFault('schema', 1, 'The draft of the event is missing.')
  return { manifest, event, end: { ...entries.end, counts, accepted, head, status } }
}

function readManifest(text: string): ArchiveManifest {
  const value = readJson(text, 1)
  const { format, version } = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>
  if (format !== ARCHIVE_FORMAT) throw archiveFault('manifest', 1, 'This is not the manifest of a Dateline archive.')
  if (version !== ARCHIVE_VERSION) {
    throw archiveFault(
      'version',
      1,
      `The archive has version ${String(version)}; this release reads ${ARCHIVE_VERSION}.`,
    )
  }
  return expectShape(ArchiveManifest, value, 1)
}

/** What the manifest says of the entries, and of what must follow from them. */
function expectCounts({ counts, chain }: ArchiveManifest, entries: EntryCheck): void {
  const made = {
    updates: entries.count('shown', 'key-event'),
    keyEvents: entries.count('key-event'),
    tombstones: entries.count('gone'),
    media: entries.media.size,
    counters: 2,
  }
  for (const [name, count] of Object.entries(made) as [keyof typeof made, number][]) {
    if (counts[name] !== count) {
      throw archiveFault('count', 1, `The manifest counts ${counts[name]} ${name}, the entries make ${count}.`)
    }
  }
  if (entries.end.chain !== chain) throw archiveFault('chain', 1, 'The entries end with another chain.')
}

class NumberedLines {
  readonly #lines: AsyncIterator<string>
  /** Of the line that was given last. */
  line = 0

  constructor(lines: AsyncIterable<string>) {
    this.#lines = lines[Symbol.asyncIterator]()
  }

  async next(what: string): Promise<string> {
    const { value, done } = await this.#lines.next()
    this.line += 1
    if (done === true) throw archiveFault('cut', this.line, `The archive ends before its ${what} end.`)
    return value
  }

  async expectEnd(): Promise<void> {
    const { done } = await this.#lines.next()
    if (done !== true) throw archiveFault('trailing-lines', this.line + 1, 'The archive goes on behind its last part.')
  }

  async stop(): Promise<void> {
    await this.#lines.return?.()
  }
}
