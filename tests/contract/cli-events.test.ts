import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it, vi } from 'vitest'
import type { Entry } from '../../src/protocol/entry.ts'
import type { Event } from '../../src/protocol/event.ts'
import type { Snapshot } from '../../src/protocol/snapshot.ts'
import { commandsOf } from '../support/dateline-command.ts'
import { callsTo } from '../support/http.ts'
import { startServer } from '../support/server.ts'

const server = await startServer()
const dir = await mkdtemp(join(tmpdir(), 'cli-'))
afterAll(async () => {
  await server.stop()
  await rm(dir, { recursive: true })
})
const { call, change, createEvent, publish } = callsTo(server)
const { start, run } = commandsOf(server, dir)

const WAIT = { timeout: 15_000 }
const entriesOf = async (id: string) =>
  (await call<{ entries: Entry[] }>('GET', `/v1/events/${id}/entries`)).body.entries
const linesOf = (text: string) => text.split('\n').filter(line => line !== '')

describe('dateline events', () => {
  it('[CLI8] lists events and shows one, for people and as JSON; private ones to those who may see them', async () => {
    await createEvent({ id: 'open-talks', headline: 'Open talks' })
    await createEvent({ id: 'closed-talks', headline: 'Closed talks', visibility: 'private', status: 'scheduled' })
    const { exitCode, stdout } = await run(['events'])
    expect(exitCode).toBe(0)
    expect(stdout).toMatch(/^closed-talks {2}scheduled, private {2}\S+Z {2}Closed talks$/m)
    expect(stdout).toMatch(/^open-talks {4}live {16,}\S+Z {2}Open talks$/m)
    const asJson = JSON.parse((await run(['events', 'list', '--status', 'live', '--json'])).stdout) as Event[]
    expect(asJson.map(({ id }) => id)).toContain('open-talks')
    expect(asJson.map(({ id }) => id)).not.toContain('closed-talks')

    const shown = JSON.parse((await run(['events', 'show', 'closed-talks', '--json'])).stdout)
    expect(shown).toMatchObject({ event: { headline: 'Closed talks' }, position: { seq: 1 } })
    expect((await run(['events', 'show', 'closed-talks'])).stdout).toMatch(/^entries {4}1, in epoch \S+$/m)
    const nobody = await run(['events', 'show', 'closed-talks'], { env: { NODE_ENV: 'production' } })
    expect(nobody).toMatchObject({ exitCode: 1, stdout: '', stderr: expect.stringMatching(/^No such event/) })
  })
})

describe('dateline post', () => {
  it('[CLI9] publishes what is given or typed on standard input, and tells its number and its entry', async () => {
    await createEvent({ id: 'post' })
    const given = await run(['post', 'post', 'They met at noon.', '--key-event', '--headline', 'They met'])
    expect(given).toMatchObject({ exitCode: 0, stderr: '' })
    expect(given.stdout).toMatch(/^published {2}[0-9a-f-]{36}, accept number 2, entry 2\n$/)
    const flags = ['--breaking', '--format', 'markdown', '--happened-at', '2023-12-15T13:05', '--json']
    const typed = await run(['post', 'post', '-', ...flags], { stdin: '**Agreed.**\n\n' })
    expect(JSON.parse(typed.stdout)).toMatchObject({ eventId: 'post', state: 'published', acceptNumber: 3, seq: 3 })
    const { body } = await call<Snapshot>('GET', '/v1/events/post/feed')
    expect(body.updates).toMatchObject([
      { headline: 'They met', bodyText: 'They met at noon.', isKeyEvent: true, isBreaking: false },
      { bodyText: 'Agreed.', isBreaking: true, happenedAt: '2023-12-15T13:05:00.000Z' },
    ])
  })

  it('[CLI10] under the key of an earlier post publishes nothing more, and tells the same', async () => {
    await createEvent({ id: 'twice' })
    const args = ['post', 'twice', 'Once only.', '--idempotency-key', 'twice-1']
    const first = await run(args)
    const again = await run(args)
    expect(again.exitCode).toBe(0)
    expect(again.stdout).toBe(first.stdout.replace('\n', ' (it had been posted before, under this key)\n'))
    expect(await entriesOf('twice')).toHaveLength(2)
    const other = await run(['post', 'twice', 'Something else.', '--idempotency-key', 'twice-1'])
    expect(other).toMatchObject({ exitCode: 1, stderr: expect.stringMatching(/^The Idempotency-Key was used/) })
  })

  it('[CLI10] gives up after a while when nobody answers, and tells the key under which to repeat it', async () => {
    const args = ['post', 'talks', 'Hello.', '--url', 'http://127.0.0.1:9', '--retry-for']
    const tried = await run([...args, '3'])
    expect([tried.exitCode, tried.stdout]).toEqual([1, ''])
    expect(tried.stderr).toMatch(/Dateline cannot be reached\. Trying again in /)
    expect(tried.stderr).toMatch(/It is not known whether this was accepted.* --idempotency-key [0-9a-f-]{36}\n$/)
    const once = await run([...args, '0'])
    expect(once.exitCode).toBe(1)
    expect(once.stderr).toMatch(/^Dateline cannot be reached\.\nIt is not known/)
  })

  it('[CLI9] ends with 1 when it was held, and says why', async () => {
    await createEvent({ id: 'blocked' })
    await call('PUT', '/v1/events/blocked/normalization', {
      ...{ body: { blockedTerms: ['embargo'] }, headers: { 'If-Match': '*' } },
    })
    const { exitCode, stdout } = await run(['post', 'blocked', 'Under embargo.'])
    expect([exitCode, stdout]).toEqual([1, expect.stringMatching(/^held: .*embargo.*accept number 2/)])
  })

  it.each([
    [['post', 'nowhere', 'Hello.'], 1, /^No such event/],
    [['post', 'post', 'Hello.', '--happened-at', 'noonish'], 1, /#\/happenedAt/],
    [['post', 'post', 'Hello.', '--format', 'rtf'], 2, /Allowed choices are text, markdown, html/],
    [['post', 'post', 'Hello.', '--wait', 'long'], 2, /Must be 0 to 25/],
    [['tail', 'nowhere'], 1, /No such event/],
    [['tail', 'post', '--from', '0'], 2, /Must be the seq of an entry, start or now/],
  ])('[CLI3] says in a sentence what is wrong with %j, and exits with %i', async (args, expected, sentence) => {
    const { exitCode, stderr } = await run(args)
    expect(stderr).toMatch(sentence)
    expect(exitCode).toBe(expected)
  })

  it('[CLI9] takes no endless standard input, and none that is no text', async () => {
    const long = await run(['post', 'post'], { stdin: 'a'.repeat(300_000) })
    expect(long).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('Standard input is longer than') })
    const odd = await run(['post', 'post', '-'], { stdin: Uint8Array.of(0xff) })
    expect(odd).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('not UTF-8') })
  })
})

describe('dateline tail', () => {
  it('[CLI11] shows every entry from the one that is named, once and in order, and goes on with the live ones', async () => {
    await createEvent({ id: 'tail' })
    for (let i = 2; i <= 6; i++) await publish('tail', { body: `Number ${i}` })
    const all = start(['tail', 'tail', '--from', 'start', '--json'])
    const some = start(['tail', 'tail', '--from', '5', '--json'])
    const none = start(['tail', 'tail', '--json'])
    await vi.waitFor(() => expect(none.stderr()).toContain('Following.'), WAIT)
    await vi.waitFor(() => expect(linesOf(all.stdout())).toHaveLength(6), WAIT)
    for (let i = 7; i <= 9; i++) await publish('tail', { body: `Number ${i}` })
    const lines = (await entriesOf('tail')).map(entry => JSON.stringify(entry))
    for (const [command, from] of [
      [all, 0],
      [some, 4],
      [none, 6],
    ] as const) {
      await vi.waitFor(() => expect(linesOf(command.stdout())).toEqual(lines.slice(from)), WAIT)
      command.interrupt()
      expect((await command.ended).exitCode).toBe(0)
    }
  })

  it('[CLI11] ends cleanly when whoever reads it goes away', async () => {
    await createEvent({ id: 'pipe' })
    const command = start(['tail', 'pipe', '--from', 'start'])
    await vi.waitFor(() => expect(command.stdout()).not.toBe(''), WAIT)
    command.leave()
    expect((await command.ended).exitCode).toBe(0)
  })

  it('[CLI12] says in between that a feed does not go on from what was shown', async () => {
    await createEvent({ id: 'restored' })
    await publish('restored', { body: 'First.' })
    expect((await run(['export', 'restored', 'restored.ndjson.gz'])).exitCode).toBe(0)
    const command = start(['tail', 'restored', '--from', 'start', '--json'])
    await vi.waitFor(() => expect(linesOf(command.stdout())).toHaveLength(2), WAIT)
    expect((await run(['import', 'restored.ndjson.gz', '--replace'])).exitCode).toBe(0)
    await vi.waitFor(() => expect(command.stdout()).toContain('"restarted"'), WAIT)
    await publish('restored', { body: 'Second.' })
    await vi.waitFor(() => expect(linesOf(command.stdout())).toHaveLength(4), WAIT)
    command.interrupt()
    const lines = linesOf((await command.ended).stdout).map(line => JSON.parse(line))
    expect(lines.map(({ type }) => type)).toEqual(['event', 'published', 'restarted', 'published'])
    expect(lines[2]).toMatchObject({ reason: 'epoch-changed', position: { seq: 2 } })
  })

  it('[CLI13] shows entries as words, coloured on a terminal only, with nothing that could change the terminal', async () => {
    await createEvent({ id: 'words', headline: 'Talks' })
    const { id } = await publish('words', {
      body: 'They met. Russia, too, was \u202ethere.',
      headline: 'Noon',
      isBreaking: true,
    })
    await change('PATCH', `/v1/events/words/updates/${id}`, 1, { body: 'They met at one.', correction: 'It was one.' })
    await change('DELETE', `/v1/events/words/updates/${id}`, 2, { reason: 'Not so.' })
    const shownBy = async (isColoured: boolean) => {
      const command = start(['tail', 'words', '--from', 'start'], { isColoured })
      await vi.waitFor(() => expect(command.stdout()).toContain('Not so.'), WAIT)
      command.interrupt()
      return (await command.ended).stdout
    }
    const plain = await shownBy(false)
    expect(plain).toMatch(/^ {4}1 {2}\S+Z {2}event {2}live: Talks\n/)
    expect(plain).toMatch(/\n {4}2 {2}\S+Z {2}published BREAKING {2}Noon\n {7}They met\. Russia, too, was /)
    expect(plain).toMatch(/\n {4}3 {2}\S+Z {2}revised, version 2 BREAKING {2}Noon\n {7}They met at one\.\n/)
    expect(plain).toContain(`retracted  ${id}: Not so.\n`)
    expect(plain).not.toMatch(/(?!\n)\p{Cc}|\u202e/u)
    const coloured = await shownBy(true)
    expect(coloured).toContain('\u001b[31mBREAKING\u001b[39m')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the codes are what is taken away
    expect(coloured.replace(/\u001b\[\d+m/g, '')).toBe(plain)
  })
})
