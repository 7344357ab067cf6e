import { randomBytes } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ArchiveFault } from '../../src/protocol/archive.ts'
import { updateOf, updateSubmission } from '../support/build.ts'
import { type ArchiveBody, anArchive, anArchiveFile, linked, packed, part, sealed } from '../support/build-archive.ts'
import { callsTo, expectProblem } from '../support/http.ts'
import { startServer } from '../support/server.ts'

const server = await startServer({ env: { ARCHIVE_MAX_MB: '10' } })
const { call, createEvent, publish } = callsTo(server)
afterAll(() => server.stop())

const GZIP = { 'Content-Type': 'application/gzip' }
const imported = (file: Buffer | string, query = '?replace=true') =>
  call('POST', `/v1/archives${query}`, { as: 'ops', raw: file, headers: GZIP })

/** An event of its own stands under the id of the archives: nothing of it may change. */
let before: string
const standing = async () =>
  (await call('GET', '/v1/events/archived/entries')).text + (await call('GET', '/v1/events/archived/feed')).text
beforeAll(async () => {
  await createEvent({ id: 'archived' })
  await publish('archived', { body: 'The live one.' })
  before = await standing()
})

/** Ten updates: lines 2 to 12 are entries, 13 and 14 the counters, 15 to 25 the drafts (the last is the event's). */
const UPDATES = 10

type Change = (body: ArchiveBody) => void

/** An archive that somebody changed and put a right chain and manifest to, so that only the change itself is wrong. */
function forged(change: Change, over: Record<string, unknown> = {}): Buffer {
  const body = anArchive(UPDATES)
  change(body)
  return packed(sealed({ ...body, entries: linked(body.entries) }, over))
}

/** The lines of a whole one after a change that nothing was put right for. */
function altered(change: (lines: string[]) => string[] | undefined): Buffer {
  const body = anArchive(UPDATES)
  const lines = sealed({ ...body, entries: linked(body.entries) })
  return packed(change(lines) ?? lines)
}

const replaced =
  (seq: number, from: string | RegExp, to: string): Change =>
  ({ entries }) => {
    const line = entries[seq - 1] ?? ''
    entries[seq - 1] = line.replace(from, to)
    expect(entries[seq - 1]).not.toBe(line)
  }

const inPart =
  (name: string, field: string, change: (value: string) => string): Change =>
  ({ parts }) => {
    const at = parts.findIndex(line => line.startsWith(`["${name}","${field}`))
    const [, key = '', value = ''] = JSON.parse(parts[at] ?? '[]') as string[]
    parts[at] = part(name, key, change(value))
  }

const insertAfter =
  (name: string, line: string): Change =>
  ({ parts }) => {
    const last = parts.findLastIndex(each => each.startsWith(`["${name}"`))
    parts.splice(last + 1, 0, line)
  }

const whole = anArchiveFile(UPDATES)
const text = (lines: readonly string[]) => lines.map(line => `${line}\n`).join('')
const anotherUpdate = updateOf(updateSubmission({ eventId: 'other' }))
const submissionTo = (eventId: string) => JSON.stringify(updateSubmission({ eventId }))

const cases: [name: string, file: Buffer, fault: ArchiveFault, line: number, detail: RegExp][] = [
  // The file
  ['no gzip', Buffer.from('{"format":"dateline-archive"}\n'), 'not-gzip', 1, /This is not gzip/],
  ['an empty body', Buffer.alloc(0), 'cut', 1, /was cut here/],
  ['a cut file', whole.subarray(0, whole.length - 200), 'cut', 0, /was cut here/],
  ['a wrong checksum', flipped(whole, whole.length - 6), 'damaged', 0, /damaged: incorrect data check/],
  ['bytes behind the end', Buffer.concat([whole, Buffer.from('more')]), 'trailing-bytes', 0, /behind the end/],
  ['zeros behind the end', Buffer.concat([whole, Buffer.alloc(70_000)]), 'trailing-bytes', 0, /behind the end/],
  ['a second archive behind the end', Buffer.concat([whole, whole]), 'trailing-lines', 0, /goes on behind/],
  ['a bomb', gzipSync(bombLines()), 'bomb', 0, /more than 500 times its size/],
  [
    'a line of 5 MB',
    gzipSync(`${randomBytes(2.5 * 1024 * 1024).toString('hex')}\n`),
    'line-too-long',
    1,
    /more than 4194304 bytes/,
  ],
  // Its text
  ['a byte order mark', altered(lines => [`\ufeff${lines[0]}`, ...lines.slice(1)]), 'byte-order-mark', 1, /byte order/],
  ['CRLF', gzipSync(text(lines10()).replaceAll('\n', '\r\n')), 'carriage-return', 1, /carriage return/],
  ['Latin-1', gzipSync(Buffer.from('{"é":1}\n', 'latin1')), 'not-utf-8', 1, /not UTF-8/],
  ['a last line without end', gzipSync(text(lines10()).slice(0, -1)), 'cut', 48, /no newline at its end/],
  ['an empty line', altered(lines => lines.toSpliced(3, 0, '')), 'not-json', 4, /not JSON/],
  ['a line that is no JSON', altered(lines => lines.with(4, '{"seq":4,')), 'not-json', 5, /not JSON/],
  ['space in a line', altered(lines => lines.with(4, ` ${lines[4]}`)), 'not-canonical', 5, /writes JSON/],
  ['a member twice', forged(replaced(4, '"tags":[]', '"tags":["a"],"tags":[]')), 'not-canonical', 5, /writes JSON/],
  // Its manifest
  ['another format', forged(() => undefined, { format: 'other' }), 'manifest', 1, /not the manifest/],
  ['no manifest', altered(lines => lines.slice(1)), 'manifest', 1, /not the manifest/],
  ['a later version', forged(() => undefined, { version: 2 }), 'version', 1, /version 2; this release reads 1/],
  ['an id that is none', forged(() => undefined, { eventId: 'import' }), 'schema', 1, /#\/eventId/],
  ['an export time', forged(() => undefined, { at: 'now' }), 'schema', 1, /Unrecognized key/],
  ['another event', forged(() => undefined, { eventId: 'elsewhere' }), 'wrong-event', 2, /of the event archived/],
  ['another chain', forged(() => undefined, { chain: 'a'.repeat(40) }), 'chain', 1, /another chain/],
  ['a wrong sha256', forged(() => undefined, { sha256: 'a'.repeat(64) }), 'sha256', 1, /not those that the manifest/],
  // Its entries
  ['a hole', altered(lines => lines.toSpliced(4, 1)), 'hole', 5, /Entry 4 is missing: this is 5/],
  ['a repeat', altered(lines => lines.toSpliced(4, 0, lines[4] ?? '')), 'repeat', 6, /Entry 4 stands here again/],
  [
    'another order',
    altered(lines => lines.with(4, lines[5] ?? '').with(5, lines[4] ?? '')),
    'hole',
    5,
    /Entry 4 is missing/,
  ],
  [
    'altered words',
    altered(lines => lines.with(4, lines[4]?.replace('minister', 'mister') ?? '')),
    'chain',
    5,
    /Entry 4 does not link/,
  ],
  [
    'an entry of another chain',
    altered(lines => lines.with(4, lines[4]?.replace(/"chain":"./, '"chain":"x') ?? '')),
    'schema',
    5,
    /seq and chain first/,
  ],
  [
    'a member that none has',
    forged(replaced(4, '"tags":[]', '"tags":[],"extra":1')),
    'schema',
    5,
    /#\/update: Unrecognized key/,
  ],
  [
    'a prototype',
    forged(replaced(4, '"tags":[]', '"tags":[],"__proto__":{"a":1}')),
    'schema',
    5,
    /Unrecognized key: "__proto__"/,
  ],
  [
    'a constructor',
    forged(replaced(4, '"update":{', '"constructor":{},"update":{')),
    'schema',
    5,
    /Unrecognized key: "constructor"/,
  ],
  ['a missing member', forged(replaced(4, '"bodyText":', '"bodyTekst":')), 'schema', 5, /#\/update\/bodyText/],
  ['members in another order', forged(reordered), 'not-canonical', 5, /not in the order/],
  [
    'an update of another event',
    forged(replaced(4, '"eventId":"archived"', '"eventId":"other"')),
    'wrong-event',
    5,
    /of the event other/,
  ],
  [
    'time that goes back',
    forged(replaced(5, /"at":"[^"]*"/, '"at":"2020-01-01T00:00:00.000Z"')),
    'time',
    6,
    /older than the one before/,
  ],
  [
    'an accept number twice',
    forged(replaced(5, '"acceptNumber":5', '"acceptNumber":4')),
    'accept-number',
    6,
    /4 comes after 4/,
  ],
  [
    'a version that does not rise',
    forged(sameUpdateAgain),
    'update-version',
    6,
    /Version 1 of update .* comes after 1/,
  ],
  [
    'no creation',
    forged(({ entries }) => void entries.splice(0, 1, (entries[1] ?? '').replace('"seq":2', '"seq":1'))),
    'schema',
    2,
    /creation of its event/,
  ],
  ['a script', forged(replaced(4, '<p>', '<p><script>alert(1)</script>')), 'unsafe-html', 5, /no reader may be given/],
  ['a handler', forged(replaced(4, '<p>', '<p onclick=\\"a()\\">')), 'unsafe-html', 5, /no reader may be given/],
  [
    'a link that runs',
    forged(replaced(4, '<p>', '<p><a href=\\"javascript:a()\\">x</a>')),
    'unsafe-html',
    5,
    /no reader may/,
  ],
  [
    'an embed that runs',
    forged(replaced(4, '"embeds":[]', '"embeds":[{"provider":"x","url":"javascript:a()","originalId":""}]')),
    'unsafe-link',
    5,
    /no http or https/,
  ],
  [
    'fewer updates',
    altered(lines => lines.with(0, lines[0]?.replace('"updates":10', '"updates":9') ?? '')),
    'count',
    1,
    /counts 9 updates, the entries make 10/,
  ],
  // Its parts
  [
    'an unknown part',
    forged(insertAfter('counters', part('other', 'a', 'b'))),
    'part',
    15,
    /of the part other, where drafts/,
  ],
  ['a missing part', altered(lines => lines.toSpliced(12, 1)), 'contradiction', 13, /More was committed/],
  [
    'fields that do not rise',
    forged(({ parts }) => void parts.splice(2, 2, parts[3] ?? '', parts[2] ?? '')),
    'order',
    16,
    /do not rise/,
  ],
  ['a field twice', forged(({ parts }) => void parts.splice(3, 0, parts[2] ?? '')), 'order', 16, /do not rise/],
  [
    'more committed than accepted',
    forged(inPart('counters', 'head', () => '12')),
    'contradiction',
    14,
    /More was committed/,
  ],
  ['a counter that is none', forged(inPart('counters', 'accepted', () => '-1')), 'schema', 13, /whole numbers/],
  [
    'no draft of the event',
    forged(({ parts }) => void parts.splice(12, 1)),
    'schema',
    1,
    /draft of the event is missing/,
  ],
  ['a draft that is none', forged(inPart('drafts', '0', () => '{"version":1}')), 'schema', 15, /#\/sub/],
  [
    'a draft of another event',
    forged(inPart('drafts', 'event', value => value.replace('"id":"archived"', '"id":"other"'))),
    'wrong-event',
    25,
    /of the event other/,
  ],
  [
    'a draft without its version first',
    forged(inPart('drafts', '0', versionLast)),
    'not-canonical',
    15,
    /version does not come first/,
  ],
  [
    'an outcome of another entry',
    forged(inPart('outcomes', '3', value => value.replace('"seq":3', '"seq":4'))),
    'contradiction',
    38,
    /is not the one of entry 4/,
  ],
  [
    'an accept number that was not given',
    forged(insertAfter('outcomes', part('outcomes', 99, '{}'))),
    'accept-number',
    47,
    /99 was not given/,
  ],
  [
    'a tombstone of nothing',
    forged(insertAfter('counters', part('tombstones', anotherUpdate.id, JSON.stringify(anotherUpdate)))),
    'count',
    1,
    /counts 1 tombstones, the entries make 0/,
  ],
  [
    'a submission to another event',
    forged(insertAfter('desk', part('outbox', 11, submissionTo('other')))),
    'wrong-event',
    36,
    /to the event other/,
  ],
  ['a held one that is none', forged(insertAfter('outcomes', part('held', 11, '{}\n{}'))), 'schema', 47, /./],
  ['media that no entry has', forged(inPart('media', 'https', () => '7')), 'contradiction', 47, /list of media/],
]

describe('an archive with', () => {
  it.each(cases)(
    '[ARCHIVE7] %s is refused with its line, and changes nothing',
    async (_name, file, fault, line, detail) => {
      const answer = await imported(file)
      expect(answer.status, answer.text).toBe(422)
      expect(answer.body).toMatchObject({ fault, detail: expect.stringMatching(detail) })
      const extra = { fault, line: answer.body['line'] }
      expectProblem(answer, 'archive-broken', { extra, detail: String(answer.body['detail']) })
      if (line > 0) expect(answer.body['line'], answer.text).toBe(line)
      expect(answer.body['detail']).toMatch(new RegExp(`^Line ${answer.body['line']}: .*\\.$`))
      expect(await standing()).toBe(before)
      expect(await server.store.redis.keys('*:{archived}:aside:*')).toEqual([])
    },
  )

  it('[ARCHIVE7] There are more than twenty kinds, and a whole one is taken in all the same', async () => {
    expect(new Set(cases.map(([, , fault]) => fault)).size).toBeGreaterThan(20)
    expect((await imported(whole, '')).status).toBe(409)
    const body = anArchive(UPDATES, 'fresh')
    expect((await imported(packed(sealed({ ...body, entries: linked(body.entries) })), '')).status).toBe(201)
    expect((await publish('fresh')).version).toBe(1)
  })

  it('[ARCHIVE7] One of an older release, which lacks the count of a part that came since, is whole', async () => {
    const body = anArchive(UPDATES, 'former')
    const [manifest = '', ...lines] = sealed({ ...body, entries: linked(body.entries) })
    const { anew: _, ...counts } = JSON.parse(manifest).counts
    expect(Object.keys(counts)).toHaveLength(Object.keys(JSON.parse(manifest).counts).length - 1)
    const former = packed([JSON.stringify({ ...JSON.parse(manifest), counts }), ...lines])
    expect((await imported(former, '')).status).toBe(201)
  })

  it('[ARCHIVE8] more than is taken in is refused, told by its length or as it is unpacked', async () => {
    const detail = 'The archive may have 10485760 bytes at most, unpacked.'
    expectProblem(await imported(anArchiveFile(5_000, 'too-large'), ''), 'too-large', { detail })
    expectProblem(await imported(Buffer.alloc(10 * 1024 * 1024 + 1), ''), 'too-large', { detail })
    expectProblem(await call('GET', '/v1/events/too-large'), 'event-not-found')
    expect(await server.store.redis.keys('*:{too-large}:*')).toEqual([])
  })
})

function lines10(): string[] {
  const body = anArchive(UPDATES)
  return sealed({ ...body, entries: linked(body.entries) })
}

function flipped(file: Buffer, at: number): Buffer {
  const copy = Buffer.from(file)
  copy[at] = (copy[at] ?? 0) ^ 1
  return copy
}

function bombLines(): Buffer {
  return Buffer.concat([Buffer.from(`${lines10()[0]}\n`), Buffer.alloc(64 * 1024 * 1024)])
}

/** The update's members in another order, the chain put right. */
function reordered(body: ArchiveBody): void {
  replaced(4, /"update":\{("id":"[^"]*"),("eventId":"[^"]*"),/, '"update":{$2,$1,')(body)
}

/** Entry 5 is a revision of the update of entry 4, with its version. */
function sameUpdateAgain({ entries }: ArchiveBody): void {
  const update = /"update":(.*)\}$/.exec(entries[3] ?? '')?.[1] ?? ''
  entries[4] = (entries[4] ?? '')
    .replace(/"type":"published"/, '"type":"revised"')
    .replace(/"update":.*$/, `"update":${update}}`)
}

function versionLast(value: string): string {
  const { version, ...rest } = JSON.parse(value)
  return JSON.stringify({ ...rest, version })
}
