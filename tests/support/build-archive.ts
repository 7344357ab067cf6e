import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { anEvent, NOON, updateOf, updateSubmission } from './build.ts'

/** Entry lines, and the lines of the parts behind them: an archive without its manifest. */
export interface ArchiveBody {
  readonly eventId: string
  entries: string[]
  parts: string[]
}

const SENTENCES = [
  'The delegations met in the old town hall at noon.',
  'Nobody would say how long the talks were to last.',
  '"We are closer than we were," the minister said.',
  'A statement was announced for the evening.',
  'Outside, some two hundred people waited in the rain.',
  'The second round begins tomorrow, officials said.',
]
const WORDS = 9

/** An event with its creation and `updates` published updates, each of about 450 characters, made without Dateline. */
export function anArchive(updates: number, eventId = 'archived'): ArchiveBody {
  const event = anEvent(eventId)
  const body: ArchiveBody = { eventId, entries: [], parts: [] }
  const outcomes: string[] = []
  const drafts: [string, string][] = []
  const desk: [string, string][] = []
  for (let number = 1; number <= updates + 1; number++) {
    const at = new Date(NOON.getTime() + number * 1_000)
    const about = updateSubmission(
      { eventId, updateId: uuid(number), draft: { body: textOf(number), bodyFormat: 'text' } },
      at,
    )
    const rest =
      number === 1
        ? `"type":"event","acceptNumber":1,"event":${JSON.stringify(event)}}`
        : `"type":"published","acceptNumber":${number},"update":${JSON.stringify(
            updateOf(about, {
              headline: `Update ${number}`,
              isKeyEvent: number % 10 === 0,
              ...(number % 5 === 0 ? { media: [aPicture(number)] } : {}),
            }),
          )}}`
    body.entries.push(`{"seq":${number},"chain":"${'0'.repeat(40)}","at":"${at.toISOString()}",${rest}`)
    const state = number === 1 ? 'applied' : 'published'
    const updateId = number === 1 ? '' : uuid(number)
    outcomes.push(
      part(
        'outcomes',
        number,
        JSON.stringify({ state, seq: number, updateId, sub: 'anna', submissionId: uuid(number) }),
      ),
    )
    if (number === 1) continue
    const { draft, datePublished, dateModified, corrections } = about
    const accepted = { version: 1, sub: 'anna', draft, datePublished, dateModified, corrections, retracted: false }
    drafts.push([updateId, JSON.stringify(accepted)])
    desk.push([updateId, JSON.stringify({ raw: draft, normalization: [] })])
  }
  const byField = (a: readonly [string, string], b: readonly [string, string]) => (a[0] < b[0] ? -1 : 1)
  drafts.push(['event', JSON.stringify({ version: 1, event, hasBegun: true })])
  body.parts.push(part('counters', 'accepted', String(updates + 1)), part('counters', 'head', String(updates + 1)))
  body.parts.push(...drafts.sort(byField).map(([field, value]) => part('drafts', field, value)))
  body.parts.push(...desk.sort(byField).map(([field, value]) => part('desk', field, value)))
  body.parts.push(...outcomes)
  for (let number = 5; number <= updates + 1; number += 5) {
    body.parts.push(part('media', aPicture(number).url, String(number)))
  }
  return body
}

export function part(name: string, field: string | number, value: string): string {
  return JSON.stringify([name, String(field), value])
}

/** Gives the entries the chain that they make, from the seqs that they have. */
export function linked(entries: readonly string[]): string[] {
  let chain = '0'.repeat(40)
  return entries.map(line => {
    const [, seq = '', rest = ''] = /^\{"seq":(\d+),"chain":"[^"]*",(.*)$/s.exec(line) ?? []
    const digest = /"type":"purged",.*"digest":"([0-9a-f]{40})"\}$/.exec(rest)?.[1]
    chain = hashOf('sha1', chain + (digest ?? hashOf('sha1', `{"seq":${seq},${rest}`)))
    return `{"seq":${seq},"chain":"${chain}",${rest}`
  })
}

/** All its lines, with the manifest that they make; `over` changes its members. */
export function sealed({ eventId, entries, parts }: ArchiveBody, over: Record<string, unknown> = {}): string[] {
  const counted = (name: string) => parts.filter(line => line.startsWith(`["${name}",`)).length
  const shown = new Map<string, boolean>()
  for (const line of entries) {
    const { type, update, updateId } = JSON.parse(line)
    if (update !== undefined) shown.set(update.id, update.isKeyEvent)
    if (type === 'retracted' || type === 'purged') shown.delete(updateId)
  }
  const names = [
    'counters',
    'tombstones',
    'drafts',
    'desk',
    'outbox',
    'outboxTimes',
    'passed',
    'outcomes',
    'dead',
    'held',
  ]
  const counts = {
    entries: entries.length,
    updates: shown.size,
    keyEvents: [...shown.values()].filter(Boolean).length,
    ...Object.fromEntries([...names, 'superseded', 'discarded', 'anew', 'media'].map(name => [name, counted(name)])),
  }
  const lines = [...entries, ...parts]
  const sha256 = hashOf('sha256', lines.map(line => `${line}\n`).join(''))
  const chain = /"chain":"([^"]*)"/.exec(entries.at(-1) ?? '')?.[1]
  const manifest = { format: 'dateline-archive', version: 1, eventId, counts, chain, sha256, ...over }
  return [JSON.stringify(manifest), ...lines]
}

/** The gzip'd file of these lines. */
export function packed(lines: readonly string[]): Buffer {
  return gzipSync(lines.map(line => `${line}\n`).join(''))
}

/** A whole archive, ready to be imported. */
export function anArchiveFile(updates: number, eventId = 'archived'): Buffer {
  const body = anArchive(updates, eventId)
  return packed(sealed({ ...body, entries: linked(body.entries) }))
}

/** Version 7, rising with the number, as those of a feed do. */
function uuid(number: number): string {
  const random = hashOf('sha1', String(number))
  const time = (NOON.getTime() + number).toString(16).padStart(12, '0')
  return `${time.slice(0, 8)}-${time.slice(8)}-7${random.slice(0, 3)}-a${random.slice(3, 6)}-${random.slice(6, 18)}`
}

function textOf(number: number): string {
  return Array.from(
    { length: WORDS },
    (_, i) => SENTENCES[(number * 7 + i * i + (number >> i)) % SENTENCES.length],
  ).join(' ')
}

function aPicture(number: number) {
  const words = { alt: '', caption: `Picture ${number}`, creditText: '', copyrightHolder: '' }
  return { url: `https://media.example/${number}.jpg`, ...words }
}

function hashOf(algorithm: 'sha1' | 'sha256', text: string): string {
  return createHash(algorithm).update(text).digest('hex')
}
