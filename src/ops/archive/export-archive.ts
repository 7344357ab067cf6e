import { createHash, type Hash } from 'node:crypto'
import { Readable, type Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import type { EventCopy } from '../../feed/archive/event-copy.ts'
import { compareFields, type Field, STORED_PARTS } from '../../feed/archive/event-parts.ts'
import {
  ARCHIVE_FORMAT,
  ARCHIVE_PARTS,
  ARCHIVE_VERSION,
  type ArchiveManifest,
  type ArchivePart,
} from '../../protocol/archive.ts'
import type { Entry } from '../../protocol/entry.ts'

/** An archive that is ready to be written. It may be written as often as one likes, until its copy is dropped. */
export interface ArchiveExport {
  readonly manifest: ArchiveManifest
  /** Pages of its lines, without newlines; the first is the manifest. */
  pages(): AsyncGenerator<readonly string[]>
}

/** How many lines of how many were read or written. */
export type Progress = (done: number, total: number) => void

interface Page {
  readonly part: 'entries' | ArchivePart
  readonly lines: readonly string[]
}

/**
 * Reads the event once, to know what its manifest says, in bounded memory. Two exports of the same event are the same, byte
 * for byte, until it changes. Throws when the feed does not link.
 */
export async function planExport(copy: EventCopy, progress: Progress = () => undefined): Promise<ArchiveExport> {
  const hash = createHash('sha256')
  const counts = { entries: 0, updates: copy.updates, keyEvents: copy.keyEvents, ...noParts() }
  for await (const { part, lines } of readPages(copy)) {
    addTo(hash, lines)
    counts[part] += lines.length
    if (part === 'entries') progress(counts.entries, copy.seq)
  }
  for (const { part } of STORED_PARTS) expectSame(counts[part], copy.sizes[part], copy.eventId)
  const manifest: ArchiveManifest = {
    format: ARCHIVE_FORMAT,
    version: ARCHIVE_VERSION,
    eventId: copy.eventId,
    counts,
    chain: copy.chain,
    sha256: hash.digest('hex'),
  }
  return {
    manifest,
    async *pages() {
      yield [JSON.stringify(manifest)]
      const written = createHash('sha256')
      for await (const { lines } of readPages(copy)) {
        addTo(written, lines)
        yield lines
      }
      // Something was taken down, or has expired, since the first reading.
      expectSame(written.digest('hex'), manifest.sha256, copy.eventId)
    },
  }
}

/** Writes it, gzip'd, as fast as `to` takes it, and ends `to`. */
export async function writeArchive(
  { manifest, pages }: ArchiveExport,
  to: Writable,
  progress: Progress = () => undefined,
): Promise<void> {
  const total = linesIn(manifest)
  async function* texts() {
    let done = 0
    for await (const lines of pages()) {
      yield textOf(lines)
      done += lines.length
      progress(done, total)
    }
  }
  await pipeline(Readable.from(texts(), { highWaterMark: 1 }), createGzip(), to)
}

/** How many lines an archive has, its manifest among them. */
export function linesIn({ counts }: ArchiveManifest): number {
  return 1 + counts.entries + ARCHIVE_PARTS.reduce((sum, part) => sum + counts[part], 0)
}

async function* readPages(copy: EventCopy): AsyncGenerator<Page> {
  const media = new Map<string, number>()
  const retracted = new Set<string>()
  for await (const lines of copy.lines()) {
    for (const line of lines) note(JSON.parse(line) as Entry, media, retracted)
    yield { part: 'entries', lines }
  }
  const counters: Field[] = [
    ['accepted', String(copy.accepted)],
    ['head', String(copy.head)],
  ]
  yield page('counters', counters)
  for await (const fields of copy.tombstones([...retracted].sort(compareFields))) yield page('tombstones', fields)
  for (const { part } of STORED_PARTS) for await (const fields of copy.fields(part)) yield page(part, fields)
  yield page(
    'media',
    [...media].map(([url, seq]) => [url, String(seq)] as const),
  )
}

/** What the parts behind the entries are made of. */
function note(entry: Entry, media: Map<string, number>, retracted: Set<string>): void {
  if (entry.type === 'event') return
  if (entry.type === 'retracted') {
    retracted.add(entry.updateId)
    return
  }
  retracted.delete(entry.type === 'purged' ? entry.updateId : entry.update.id)
  if (entry.type === 'purged') return
  for (const { url } of entry.update.media) if (url !== undefined && !media.has(url)) media.set(url, entry.seq)
}

function page(part: ArchivePart, fields: readonly Field[]): Page {
  return { part, lines: fields.map(([field, value]) => JSON.stringify([part, field, value])) }
}

function noParts(): Record<ArchivePart, number> {
  return Object.fromEntries(ARCHIVE_PARTS.map(part => [part, 0])) as Record<ArchivePart, number>
}

function textOf(lines: readonly string[]): string {
  return lines.map(line => `${line}\n`).join('')
}

function addTo(hash: Hash, lines: readonly string[]): void {
  for (const line of lines) hash.update(line).update('\n')
}

function expectSame(found: unknown, expected: unknown, eventId: string): void {
  if (found !== expected) throw new Error(`the event ${eventId} changed while it was exported`)
}
