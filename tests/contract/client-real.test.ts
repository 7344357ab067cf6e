import { randomBytes, randomUUID } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { createClient } from '../../src/client/client.ts'
import { ProblemError } from '../../src/client/problem-error.ts'
import type { DatelineClient, Watch, WatchChange } from '../../src/client/types.ts'
import { readConfig } from '../../src/foundation/config.ts'
import { createTokens } from '../../src/foundation/tokens.ts'
import { runPlay } from '../../src/main/play/command.ts'
import { type DatelineProcess, freePort, startDateline } from '../support/dateline-process.ts'

const settled = { timeout: 8_000, interval: 10 }
const secret = randomBytes(32).toString('hex')
const clients: DatelineClient[] = []
let dir: string
let env: Record<string, string>
let dateline: DatelineProcess

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'dateline-client-'))
  env = {
    REDIS_URL: process.env['REDIS_URL'] ?? '',
    KEY_PREFIX: `t${randomUUID().slice(0, 18)}`,
    PORT: String(await freePort()),
    DATA_DIR: dir,
    JWT_SECRET: secret,
    DRAIN_MS: '50',
  }
  dateline = await startDateline({ part: 'everything', env })
})
afterAll(async () => {
  await dateline.stop()
  await rm(dir, { recursive: true, force: true })
})
afterEach(() => {
  for (const client of clients.splice(0)) client.close()
})

async function aClient(sub = 'anna'): Promise<DatelineClient> {
  const token = await createTokens(secret).sign({ sub, name: 'Anna', roles: ['editor'] }, '1h')
  const client = createClient({ url: dateline.url, token }, { random: () => 0.05 })
  clients.push(client)
  return client
}

async function anEvent(client: DatelineClient): Promise<string> {
  const { id } = await client.createEvent({ id: `e-${randomUUID().slice(0, 8)}`, headline: 'The regatta' })
  return id
}

function viewer(client: DatelineClient, eventId: string) {
  const changes: WatchChange[] = []
  const watched = client.watch(eventId, { onChange: change => changes.push(change) })
  return { watched, seqs: () => changes.flatMap(change => (change.kind === 'entry' ? [change.entry.seq] : [])) }
}

const isLive = (watched: Watch) => vi.waitFor(() => expect(watched.state.name).toBe('live'), settled)
const published = async (client: DatelineClient, eventId: string, body: string) => {
  const written = await client.publish(eventId, { body }, { waitSeconds: 5 })
  if (written.state !== 'done') throw new Error('it was not published in time')
  return written.update
}

describe('the SDK with a running Dateline', () => {
  it('[SDK26] shows every kind of change, and ends with the view that a snapshot gives', async () => {
    const client = await aClient()
    const eventId = await anEvent(client)
    const { watched, seqs } = viewer(await aClient('bo'), eventId)
    await isLive(watched)

    const first = await published(client, eventId, 'They are off.')
    const second = await published(client, eventId, 'One is ahead.')
    const third = await published(client, eventId, 'Posted twice.')
    const patch = { body: 'Two are ahead.', isKeyEvent: true, correction: 'An earlier version said one.' }
    const revised = await client.revise(eventId, second.id, second.version, patch, { waitSeconds: 5 })
    expect(revised).toMatchObject({ state: 'done', update: { version: 2, bodyText: 'Two are ahead.' } })
    await client.retract(eventId, third.id, third.version, 'Posted twice.', { waitSeconds: 5 })
    const changed = await client.changeEvent(eventId, 1, { pinnedUpdateId: first.id }, { waitSeconds: 5 })
    expect(changed).toMatchObject({ state: 'done', event: { version: 2, pinnedUpdateId: first.id } })

    await vi.waitFor(async () => expect(watched.view).toEqual(await client.feed(eventId)), settled)
    expect(seqs()).toEqual([2, 3, 4, 5, 6, 7])
    expect(watched.view?.updates.map(update => update.bodyText)).toEqual(['Two are ahead.', 'They are off.'])
    expect(watched.view?.pinned?.id).toBe(first.id)
    expect(watched.view?.keyEvents.map(({ id }) => id)).toEqual([second.id])
  })

  it('[SDK26] tells the problem of a refused write, and where a submission stands', async () => {
    const client = await aClient()
    const eventId = await anEvent(client)
    const update = await published(client, eventId, 'They are off.')
    const stale = client.revise(eventId, update.id, 7, { body: 'No.' })
    await expect(stale).rejects.toSatisfy(error => error instanceof ProblemError && error.code === 'version-mismatch')
    const status = await client.submission(eventId, 2, { waitSeconds: 5 })
    expect(status).toMatchObject({ state: 'published', updateId: update.id, seq: 2 })
    const key = randomUUID()
    await client.publish(eventId, { body: 'Once.' }, { key })
    expect(await client.publish(eventId, { body: 'Once.' }, { key })).toMatchObject({ replayed: true })
    expect((await client.events()).map(({ id }) => id)).toContain(eventId)
    const missing = (await aClient()).watch('no-such-event', { onChange: () => undefined })
    await vi.waitFor(() => expect(missing.state).toMatchObject({ name: 'refused', problem: { status: 404 } }), settled)
  })

  it('[SDK27] pages back through what is older than its view', async () => {
    const client = await aClient()
    const eventId = await anEvent(client)
    for (const body of ['a', 'b', 'c']) await published(client, eventId, body)
    const top = await client.feed(eventId, { limit: 2 })
    expect(top.updates.map(update => update.bodyText)).toEqual(['c', 'b'])
    const rest = await client.feed(eventId, { older: top.links.older ?? '' })
    expect(rest.updates.map(update => update.bodyText)).toEqual(['a'])
  })

  it('[SDK28] writes and watches on through a restart of the server, once each and in order', {
    timeout: 40_000,
  }, async () => {
    const client = await aClient()
    const eventId = await anEvent(client)
    const { watched, seqs } = viewer(client, eventId)
    await isLive(watched)
    await published(client, eventId, 'Before.')
    await dateline.kill9()
    const meanwhile = client.publish(eventId, { body: 'Meanwhile.' })
    await vi.waitFor(() => expect(watched.state.name).toBe('waiting'), settled)
    dateline = await startDateline({ part: 'everything', env })
    await meanwhile
    await published(client, eventId, 'After.')
    await vi.waitFor(async () => expect(watched.view).toEqual(await client.feed(eventId)), settled)
    expect(watched.view?.updates.map(update => update.bodyText)).toEqual(['After.', 'Meanwhile.', 'Before.'])
    expect(seqs()).toEqual([2, 3, 4])
  })
})

describe('play', () => {
  const drafts = ['They are off.', 'One is ahead.', 'They are back.'].map((body, second) =>
    JSON.stringify({ offset: second, draft: { body } }),
  )

  async function play(
    args: readonly string[],
    over: Record<string, string> = {},
    signal = new AbortController().signal,
  ) {
    const [stdout, stderr] = [new PassThrough(), new PassThrough()]
    const config = readConfig({ ...env, INIT_CWD: dir, ...over })
    const exitCode = await runPlay(args, { config, stdout, stderr, signal })
    stdout.end()
    stderr.end()
    return { exitCode, stdout: await text(stdout), stderr: await text(stderr) }
  }
  async function aFile(name: string, ...lines: string[]): Promise<string> {
    await writeFile(join(dir, name), lines.join('\n'))
    return name
  }

  it('[PLAY9] posts a file to an event that it creates, in order, and tells what it measured', async () => {
    const file = await aFile(
      'regatta.ndjson',
      '{"event":{"headline":"The regatta","timeZone":"Europe/Oslo"}}',
      ...drafts,
    )
    const { exitCode, stdout } = await play([file, '--speed', '100'])
    expect(stdout).toMatch(/New event regatta: The regatta\n {2}posted 3, already there 0, failed 0/)
    expect(stdout).toMatch(/accepted +p50 [\d.]+ ms.*\n +seen by a viewer +p50 [\d.]+ ms/)
    expect(exitCode).toBe(0)
    const { event, updates } = await (await aClient()).feed('regatta')
    expect(event.timeZone).toBe('Europe/Oslo')
    expect(updates.map(update => update.bodyText)).toEqual(['They are back.', 'One is ahead.', 'They are off.'])
    expect(updates[0]?.authors).toEqual([{ name: 'Play' }])
  })

  it('[PLAY10] adds nothing the second time, with a forgotten key neither', async () => {
    const file = await aFile('twice.txt', 'Twice', 'One line.', '', 'And another.')
    await play([file, '--speed', '1000'])
    const again = await play([file, '--speed', '1000'])
    expect([again.exitCode, again.stdout]).toEqual([0, expect.stringContaining('posted 0, already there 2, failed 0')])
    // Keys are each editor's own: to another one, the server knows nothing of these.
    const token = await createTokens(secret).sign({ sub: 'other', name: 'Other', roles: ['editor'] }, '1h')
    const other = await play([file, '--speed', '1000', '--token', token])
    expect([other.exitCode, other.stdout]).toEqual([0, expect.stringContaining('posted 0, already there 2, failed 0')])
    expect((await (await aClient()).feed('twice')).updates).toHaveLength(2)
  })

  it('[PLAY14] posts a page with its times, and tells what it leaves out', async () => {
    const page = ['The ferries sail', 'Share', '15.09.2025 10:00 UTC', 'The first ferry left.', 'The second waits.']
    const { exitCode, stdout } = await play([await aFile('page.txt', ...page), '--speed', '1000'])
    expect(stdout).toContain('Left out: line 2: page chrome: Share')
    expect(stdout).toMatch(/Check: single-time: .* \(line 4, 5\)/)
    expect(exitCode).toBe(0)
    const { event, updates } = await (await aClient()).feed('the-ferries-sail')
    expect(event).toMatchObject({ status: 'scheduled', coverageStartTime: '2025-09-15T10:00:00.000Z' })
    expect(updates.map(({ bodyText, happenedAt }) => [bodyText, happenedAt])).toEqual([
      ['The second waits.', '2025-09-15T10:00:00.000Z'],
      ['The first ferry left.', '2025-09-15T10:00:00.000Z'],
    ])
  })

  it('[PLAY11] goes on after an update that is refused, and says why it was', async () => {
    const long = JSON.stringify({ offset: 0, draft: { body: 'x'.repeat(65_536) } })
    const file = await aFile('long.ndjson', long, ...drafts)
    const { exitCode, stdout } = await play([file, '--speed', '1000'])
    expect(stdout).toContain('posted 3, already there 0, failed 1')
    expect(stdout).toContain('line-1: The request is too large')
    expect(exitCode).toBe(1)
  })

  it('[PLAY11] stops when no later update can do better', async () => {
    const client = await aClient()
    await client.createEvent({ id: 'over', headline: 'Over', status: 'ended' })
    const file = await aFile('over.txt', 'Over', 'One.', 'Two.', 'Three.')
    const { exitCode, stdout } = await play([file])
    expect(stdout).toContain('posted 0, already there 0, failed 1, not sent 2')
    expect(stdout).toContain('line-2: The event takes no updates')
    expect(exitCode).toBe(1)
  })

  it('[PLAY12] ends early when it is interrupted, and still tells what was done', async () => {
    const interrupted = new AbortController()
    const file = await aFile('slow.txt', 'Slow', 'One.', 'Two.')
    const running = play([file, '--speed', '0.001'], {}, interrupted.signal)
    const client = await aClient()
    await vi.waitFor(async () => expect((await client.feed('slow')).updates).toHaveLength(1), settled)
    interrupted.abort()
    const { exitCode, stdout } = await running
    expect([exitCode, stdout]).toEqual([1, expect.stringContaining('posted 1, already there 0, failed 0, not sent 1')])
  })

  it.each([
    [['nowhere.txt'], 2, /^Cannot read .*nowhere\.txt \(ENOENT\)\.\n$/],
    [[], 2, /missing required argument 'file'/],
    [['a.txt', '--speed', '0'], 2, /Must be a number above 0\./],
    [['a.txt', '--event', 'No Slug'], 2, /Must be a slug/],
    [['a.txt', '--url', 'ftp://x'], 2, /Must be an http or https URL/],
    [['a.csv'], 2, /This format is not known/],
    [['a.txt', '--url', 'http://127.0.0.1:9'], 1, /Dateline cannot be reached\. Is it running\?/],
    [['a.txt', '--token', 'forged'], 1, /Give a token of that server with --token/],
  ])('[PLAY13] says in a sentence what is wrong with %j, and exits with %i', async (args, expected, sentence) => {
    await aFile('a.txt', 'a')
    await aFile('a.csv', 'a,b')
    const { exitCode, stderr } = await play(args)
    expect(stderr).toMatch(sentence)
    expect(exitCode).toBe(expected)
  })

  it('[PLAY13] needs a token in production', async () => {
    await aFile('a.txt', 'a')
    const { exitCode, stderr } = await play(['a.txt'], { NODE_ENV: 'production' })
    expect([exitCode, stderr]).toEqual([
      2,
      'In production, give a token with the role editor: --token or DATELINE_TOKEN.\n',
    ])
  })
})
