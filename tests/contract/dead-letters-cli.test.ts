import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import type { Update } from '../../src/protocol/update.ts'
import { bury } from '../support/bury.ts'
import { commandsOf } from '../support/dateline-command.ts'
import { callsTo } from '../support/http.ts'
import { startServer } from '../support/server.ts'

const server = await startServer()
const dir = await mkdtemp(join(tmpdir(), 'cli-'))
afterAll(async () => {
  await server.stop()
  await rm(dir, { recursive: true })
})
const { call, change, createEvent } = callsTo(server)
const { run } = commandsOf(server, dir)
const { store } = server
const ended = (eventId: string, number: number) =>
  call('GET', `/v1/events/${eventId}/submissions/${number}?wait=10`).then(({ body }) => body)

describe('dateline dead-letters', () => {
  it('[DEAD13] lists those of an event or of all, and shows one, for people or as JSON', async () => {
    await createEvent({ id: 'list' })
    const { acceptNumber, updateId } = await bury(store, 'list', {
      draft: { body: 'Odd \u001b[31m words.', bodyFormat: 'text' },
    })
    const line = new RegExp(
      `${acceptNumber} {2}\\S+Z {2}publish {2}Carl Contributor {2}The step links said: It broke\\.\\n`,
    )
    const listed = await run(['dead-letters', 'list', 'list'])
    expect(listed).toMatchObject({ exitCode: 0, stderr: '', stdout: expect.stringMatching(line) })
    await store.strays.keep(
      's-1',
      { step: 'worker', error: 'Gone.', attempts: 4, at: '2026-11-24T12:00:00.000Z' },
      '{"a":1}',
    )
    const all = await run(['dead-letters', 'list'])
    expect(all.stdout).toMatch(/^list {2}/m)
    expect(all.stdout).toMatch(/^Of no event that there is:\ns-1 {4}2026-11-24T12:00:00\.000Z {2}Gone\.\n/m)
    expect(JSON.parse((await run(['dead-letters', 'list', '--json'])).stdout)).toMatchObject({
      deadLetters: [{ eventId: 'list', acceptNumber }],
      strays: [{ id: 's-1' }],
    })
    const shown = await run(['dead-letters', 'show', 'list', String(acceptNumber)])
    expect(shown.stdout).toMatch(/why +The step links said: It broke\.\n/)
    expect(shown.stdout).toContain('words.')
    expect(shown.stdout).not.toMatch(/(?!\n)\p{Cc}/u)
    const asJson = await run(['dead-letters', 'show', 'list', String(acceptNumber), '--json'])
    expect(JSON.parse(asJson.stdout)).toMatchObject({ acceptNumber, updateId, step: 'links' })
  })

  it('[DEAD13] retries some, all, or one with an edit or over a later version, and tells each new number', async () => {
    await createEvent({ id: 'retry' })
    const letters = []
    for (let i = 0; i < 4; i++) letters.push(await bury(store, 'retry'))
    const [first, second, third, fourth] = letters.map(({ acceptNumber }) => acceptNumber) // 2, 3, 4, 5
    const some = await run(['dead-letters', 'retry', 'retry', String(first), String(second)])
    expect(some).toMatchObject({ exitCode: 0, stdout: '2  accepted anew as 6\n3  accepted anew as 7\n' })
    await writeFile(join(dir, 'draft.json'), '{"body":"They met again."}')
    const edited = await run(['dead-letters', 'retry', 'retry', String(third), '--draft', 'draft.json', '--json'])
    expect(JSON.parse(edited.stdout)).toEqual({ results: [{ acceptNumber: 4, state: 'accepted', newAcceptNumber: 8 }] })
    await ended('retry', 8)
    const update = await call<Update>('GET', `/v1/events/retry/updates/${letters[2]?.updateId}`)
    expect(update.body.bodyText).toBe('They met again.')
    await change('PATCH', `/v1/events/retry/updates/${letters[3]?.updateId}`, 1, { body: 'Later.' })
    const refused = await run(['dead-letters', 'retry', 'retry', '--all'])
    expect(refused).toMatchObject({
      exitCode: 1,
      stdout: expect.stringMatching(/^5 {2}Somebody else changed it first/),
    })
    const over = await run(['dead-letters', 'retry', 'retry', String(fourth), '--over', '2'])
    expect(over).toMatchObject({ exitCode: 0, stdout: '5  accepted anew as 10\n' })
    expect((await run(['dead-letters', 'list', 'retry'])).stdout).toBe('')
    await ended('retry', 10)
  })

  it('[DEAD13] discards with a reason, and says what is wrong with its use', async () => {
    await createEvent({ id: 'discard' })
    const { acceptNumber } = await bury(store, 'discard')
    const args = ['dead-letters', 'discard', 'discard', String(acceptNumber), '--reason', 'A test.']
    expect(await run(args)).toMatchObject({ exitCode: 0, stdout: `${acceptNumber}  discarded\n` })
    expect(await run(args)).toMatchObject({
      exitCode: 1,
      stdout: expect.stringContaining('is no dead letter: it is discarded'),
    })
    await writeFile(join(dir, 'list.json'), '[]')
    for (const [wrong, sentence] of [
      [['discard', 'discard', '2'], /required option '--reason/],
      [['discard', 'discard', 'two', '--reason', 'a'], /Must be a whole number/],
      [['retry', 'discard'], /Name accept numbers, or give --all\./],
      [['retry', 'discard', '2', '--all'], /Name accept numbers, or give --all\./],
      [['retry', 'discard', '2', '3', '--draft', 'list.json'], /go with one accept number/],
      [['retry', 'discard', '2', '--draft', 'list.json'], /must be an object of JSON/],
      [['retry', 'discard', '2', '--draft', 'none.json'], /Cannot read .*none\.json/],
    ] as const) {
      const { exitCode, stderr } = await run(['dead-letters', ...wrong])
      expect([exitCode, stderr]).toEqual([2, expect.stringMatching(sentence)])
    }
    const nowhere = await run(['dead-letters', 'list', 'nowhere'])
    expect(nowhere).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('There is no event nowhere') })
  })
})
