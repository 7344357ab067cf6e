import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { afterAll, describe, expect, it } from 'vitest'
import { readConfig } from '../../src/foundation/config.ts'
import { changesText } from '../../src/main/cli/changes-text.ts'
import { runDateline } from '../../src/main/cli/command.ts'
import { ArticleImport } from '../../src/protocol/article.ts'
import type { Snapshot } from '../../src/protocol/snapshot.ts'
import type { Update } from '../../src/protocol/update.ts'
import { callsTo } from '../support/http.ts'
import { startServer, TEST_SECRET } from '../support/server.ts'

const server = await startServer()
const dir = await mkdtemp(join(tmpdir(), 'cli-'))
afterAll(async () => {
  await server.stop()
  await rm(dir, { recursive: true })
})
const { call, change, createEvent, publish } = callsTo(server)

const SAMPLES = new URL('../../samples/', import.meta.url).pathname

async function dateline(args: readonly string[], over: Record<string, string> = {}) {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()]
  const prefix = /\{(.*)-index\}/.exec(server.store.keys.index)?.[1] ?? ''
  const env = { REDIS_URL: process.env['REDIS_URL'], KEY_PREFIX: prefix, JWT_SECRET: TEST_SECRET, INIT_CWD: dir }
  const config = readConfig({ ...env, PORT: new URL(server.url).port, ...over })
  const exitCode = await runDateline(args, {
    ...{ config, stdin, stdout, stderr, isColoured: false },
    configWithRedis: async () => config,
    signal: new AbortController().signal,
  })
  for (const stream of [stdin, stdout, stderr]) stream.end()
  return { exitCode, stdout: await text(stdout), stderr: await text(stderr) }
}

describe('dateline import-article', () => {
  const file = join(SAMPLES, 'lindhaven-article.txt')

  it('[CLI1] shows the event, the updates, the warnings and every line that is left out', async () => {
    const { exitCode, stdout, stderr } = await dateline(['import-article', file, '--zone', 'Europe/Berlin'])
    expect([exitCode, stderr]).toEqual([0, ''])
    expect(stdout).toMatch(/^Event\n {2}id +coastal-nations-sign-a-pact-on-night-ferries-in-lindhaven\n/)
    expect(stdout).toMatch(/ timeZone +Europe\/Berlin\n/)
    expect(stdout).toMatch(/\nUpdates: 5\n {2}1\. 2025-09-15T12:30:00\.000Z {2}\(line 20\)\n {5}Minister Olga Brandt/)
    expect(stdout).toMatch(/\nWarnings: 5\n/)
    expect(stdout).toMatch(/\nLeft out: 12\n {2}line 2: page chrome\n {5}Share\n/)
  })

  it('[CLI1] prints the same as JSON, and stores nothing', async () => {
    const { exitCode, stdout } = await dateline(['import-article', join(SAMPLES, 'lindhaven-article.html'), '--json'])
    expect(exitCode).toBe(0)
    const article = ArticleImport.parse(JSON.parse(stdout))
    expect(article.event.inLanguage).toBe('de')
    expect((await call('GET', `/v1/events/${article.event.id}`)).status).toBe(404)
  })

  it('[CLI1] shows nothing that could change the terminal', async () => {
    await writeFile(join(dir, 'odd.txt'), 'Ferries\nThey \u001b[31msail\u001b[0m \u009b2J.\n')
    const { stdout } = await dateline(['import-article', 'odd.txt'])
    expect(stdout).toContain('sail')
    expect(stdout).not.toMatch(/(?!\n)\p{Cc}/u)
  })

  it('[CLI2] posts the event and the updates in order, and adds nothing the second time', async () => {
    const args = ['import-article', file, '--post', '--event', 'pact', '--url', server.url]
    const { exitCode, stdout, stderr } = await dateline(args)
    expect(stderr).toMatch(/New event pact: .*\n {2}posted 5, already there 0, failed 0/)
    expect([exitCode, stdout.startsWith('Event\n')]).toEqual([0, true])
    const { body } = await call<Snapshot>('GET', '/v1/events/pact/feed')
    expect(body.event).toMatchObject({ status: 'scheduled', alternativeHeadline: 'Ferry pact signed' })
    expect(body.event.image).toMatchObject({ creator: 'Nora Feld', datePublished: '2025-09-14' })
    const lines = (await readFile(file, 'utf8')).split('\n')
    expect(body.updates.map(({ bodyText }) => bodyText).at(-1)).toBe(lines[19])
    const again = await dateline(args)
    expect([again.exitCode, again.stderr]).toEqual([0, expect.stringContaining('posted 0, already there 5, failed 0')])
  })

  it.each([
    [['import-article', 'nowhere.txt'], 2, /^Cannot read .*nowhere\.txt \(ENOENT\)\.\n$/],
    [['import-article'], 2, /missing required argument 'file'/],
    [['import-article', 'a.txt', '--zone', 'Mars/Olympus'], 2, /Must be an IANA time zone/],
    [['import-article', 'a.txt', '--language', 'e'], 2, /Must be a BCP 47 language tag/],
    [['import-article', 'binary.txt'], 2, /This file is not UTF-8 text\./],
    [['import-article', 'long.txt'], 2, /Too big/],
    [['import-article', 'a.txt', '--post', '--url', 'http://127.0.0.1:9'], 1, /Dateline cannot be reached/],
    [['renormalize', 'No Slug'], 2, /Must be a slug/],
    [['renormalize', 'nowhere'], 1, /^There is no event nowhere\.\n$/],
    [['publish'], 2, /unknown command 'publish'/],
  ])('[CLI3] says in a sentence what is wrong with %j, and exits with %i', async (args, expected, sentence) => {
    await writeFile(join(dir, 'a.txt'), 'Ferries\nThey sail.')
    await writeFile(join(dir, 'binary.txt'), Uint8Array.of(0xff, 0xfe))
    await writeFile(join(dir, 'long.txt'), 'a'.repeat(70_000))
    const { exitCode, stderr } = await dateline(args)
    expect(stderr).toMatch(sentence)
    expect(exitCode).toBe(expected)
  })

  it('[CLI3] tells its exit codes with --help', async () => {
    for (const args of [['--help'], ['import-article', '--help'], ['renormalize', '--help']]) {
      const { exitCode, stdout } = await dateline(args)
      expect([exitCode, stdout]).toEqual([0, expect.stringMatching(/Exit codes:\n {2}0 .*\n {2}1 .*\n {2}2 /)])
    }
  })
})

describe('dateline renormalize', () => {
  const GLUED = 'They met in Moscow.Russian officials waited there.'
  const SPACED = 'They met in Moscow. Russian officials waited there.'

  /** An event whose updates were published without the step that spaces sentences, which is on again now. */
  async function anEventOfOld(id: string) {
    await createEvent({ id })
    const path = `/v1/events/${id}/normalization`
    const put = (body: object) => call('PUT', path, { body, headers: { 'If-Match': '*' } })
    expect((await put({ off: ['sentence-spacing'] })).status).toBe(200)
    const glued = await publish(id, { body: GLUED }, 'contributor')
    const plain = await publish(id, { body: 'Nothing to mend here.' })
    const gone = await publish(id, { body: `Retracted. ${GLUED}` })
    await change('DELETE', `/v1/events/${id}/updates/${gone.id}`, 1)
    expect((await put({})).status).toBe(200)
    return { glued, plain, gone }
  }
  const standing = async (id: string, { id: updateId }: Update) =>
    (await call<Update>('GET', `/v1/events/${id}/updates/${updateId}`)).body

  it('[CLI4] shows what readers would see, word by word, and changes nothing without a yes', async () => {
    const { glued, gone } = await anEventOfOld('dry')
    const dry = await dateline(['renormalize', 'dry', '--dry-run'])
    expect(dry).toMatchObject({ exitCode: 0, stderr: '' })
    expect(dry.stdout).toBe(
      `${glued.id}\n` +
        '  headline: They met in Moscow.[-Russian officials waited there.-]\n' +
        '  bodyText: They met in Moscow.{+ +}Russian officials waited there.\n' +
        `${gone.id}  left alone: it is retracted\n` +
        '1 of 3 updates would change.\n',
    )
    const asked = await dateline(['renormalize', 'dry'])
    expect([asked.exitCode, asked.stderr]).toEqual([1, 'Nothing was changed: --yes appends the revisions.\n'])
    expect((await standing('dry', glued)).version).toBe(1)
  })

  it('[CLI5] appends revisions that keep author, dates and order, once', async () => {
    const { glued, plain } = await anEventOfOld('wet')
    const { exitCode, stdout } = await dateline(['renormalize', 'wet', '--yes'])
    expect([exitCode, stdout]).toEqual([0, expect.stringMatching(new RegExp(`\\n${glued.id} {2}revised\\n$`))])
    const mended = await standing('wet', glued)
    expect(mended).toMatchObject({ version: 2, bodyText: SPACED, authors: [{ name: 'Carl Contributor' }] })
    const { datePublished, happenedAt, sortTime } = glued
    expect(mended).toMatchObject({ datePublished, happenedAt, sortTime })
    expect(mended.dateModified > glued.dateModified).toBe(true)
    expect(await standing('wet', plain)).toEqual(plain)
    const again = await dateline(['renormalize', 'wet', '--yes'])
    expect([again.exitCode, again.stdout]).toEqual([0, expect.stringContaining('0 of 3 updates would change.')])
  })

  it('[CLI5] leaves an update its author: he may go on revising it', async () => {
    const { glued } = await anEventOfOld('own')
    await dateline(['renormalize', 'own', '--yes'])
    const path = `/v1/events/own/updates/${glued.id}`
    const revised = await change<Update>('PATCH', path, 2, { body: 'They met at noon.' }, 'contributor')
    expect(revised).toMatchObject({ version: 3, bodyText: 'They met at noon.' })
  })

  it('[CLI5] of two runs at once one appends each revision', async () => {
    const { glued } = await anEventOfOld('twice')
    await Promise.all([dateline(['renormalize', 'twice', '--yes']), dateline(['renormalize', 'twice', '--yes'])])
    expect(await standing('twice', glued)).toMatchObject({ version: 2, bodyText: SPACED })
  })

  it('[CLI6] leaves alone what would be held, and what belongs to an event that has ended', async () => {
    const { glued } = await anEventOfOld('held')
    const path = '/v1/events/held/normalization'
    await call('PUT', path, { body: { blockedTerms: ['officials'] }, headers: { 'If-Match': '*' } })
    const held = await dateline(['renormalize', 'held', '--yes'])
    expect([held.exitCode, held.stdout]).toEqual([
      0,
      expect.stringContaining(`${glued.id}  left alone: it would be held`),
    ])
    await call('PUT', path, { body: {}, headers: { 'If-Match': '*' } })
    await change('PATCH', '/v1/events/held', 1, { status: 'ended' })
    const ended = await dateline(['renormalize', 'held', '--yes'])
    expect(ended.stdout).toContain(`${glued.id}  left alone: the event is ended: set it live first`)
    expect((await standing('held', glued)).version).toBe(1)
  })

  it('[CLI7] tells it as JSON, too', async () => {
    const { glued, plain, gone } = await anEventOfOld('json')
    const { stdout, exitCode } = await dateline(['renormalize', 'json', '--json', '--yes'])
    const { updates, appended } = JSON.parse(stdout) as {
      updates: { updateId: string; what: string }[]
      appended: object[]
    }
    expect(updates.map(({ updateId, what }) => [updateId, what])).toEqual([
      [glued.id, 'changed'],
      [plain.id, 'unchanged'],
      [gone.id, 'skipped'],
    ])
    expect(updates[0]).toMatchObject({
      changes: expect.arrayContaining([{ field: 'bodyText', before: GLUED, after: SPACED }]),
    })
    expect([exitCode, appended]).toEqual([0, [{ updateId: glued.id, acceptNumber: 6, state: 'revised' }]])
  })
})

describe('the changes of an update', () => {
  it('[CLI4] are shown by words, in colour where asked, without what could change the terminal', () => {
    const changes = [
      { field: 'bodyText', before: 'They meet\nat noon.\u001b[2J', after: 'They met\nat noon.' },
      { field: 'bodyHtml', before: '<p>1</p>', after: '<p>2</p>' },
      { field: 'tags', before: [], after: ['ferry'] },
      { field: 'headline', before: undefined, after: 'New' },
    ]
    expect(changesText(changes, false)).toBe(
      '  bodyText: They [-meet-]{+met+}⏎at noon.[-·[2J-]\n  tags: [{+"ferry"+}]\n  headline: {+New+}\n',
    )
    expect(changesText(changes.slice(3), true)).toBe('  headline: \u001b[32mNew\u001b[39m\n')
  })

  it('[CLI4] are shown with a little of what stays', () => {
    const long = 'word '.repeat(100)
    const text = changesText([{ field: 'bodyText', before: `${long}a ${long}`, after: `${long}b ${long}` }], false)
    expect(text).toMatch(/^ {2}bodyText: …[a-z ]{1,41}\[-a-\]\{\+b\+\}[a-z ]{1,41}…\n$/)
  })
})
