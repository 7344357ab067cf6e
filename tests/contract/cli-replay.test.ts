import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it, vi } from 'vitest'
import type { Replay } from '../../src/protocol/replay.ts'
import { commandsOf } from '../support/dateline-command.ts'
import { callsTo } from '../support/http.ts'
import { startServer } from '../support/server.ts'

const server = await startServer()
const dir = await mkdtemp(join(tmpdir(), 'cli-'))
afterAll(async () => {
  await server.stop()
  await rm(dir, { recursive: true })
})
const { call, createEvent, publish } = callsTo(server)
const { start, run } = commandsOf(server, dir)

const WAIT = { timeout: 20_000 }

async function anEvent(id: string, updates: number) {
  await createEvent({ id })
  for (let i = 1; i <= updates; i++) await publish(id, { body: `Number ${i}` })
}
const replaysOf = async (id: string) =>
  (await call<{ replays: Replay[] }>('GET', `/v1/events/${id}/replays`, { as: 'ops' })).body.replays
const asReplay = ({ stdout }: { stdout: string }) => JSON.parse(stdout) as Replay

describe('dateline replay', () => {
  it('[CLI14] begins one, looks on until it has ended, and tells how it stands', async () => {
    await anEvent('short', 4)
    const played = await run(['replay', 'short', '--from', '2', '--to', '4', '--speed', 'max', '--json'])
    expect(played).toMatchObject({ exitCode: 0, stderr: '' })
    expect(asReplay(played)).toMatchObject({ eventId: 'short', state: 'ended', from: 2, to: 4, seq: 4, speed: 'max' })
    const listed = await run(['replay', 'list', 'short'])
    expect(listed.stdout).toMatch(/^[0-9a-f]{16} {2}ended {2}entries 2 to 4, at 4 {2}max {2}lap 1\n$/)
  })

  it('[CLI14] shows a bar with keys on a terminal, and leaves it running at Ctrl-C', async () => {
    await anEvent('slow', 4)
    const command = start(['replay', 'slow', '--speed', 'step'], { isTerminal: true })
    await vi.waitFor(() => expect(command.stderr()).toContain('running at step'), WAIT)
    expect(command.stderr()).toContain('space: pause, resume')
    command.type('s')
    await vi.waitFor(() => expect(command.stderr()).toContain('1/5  paused at step'), WAIT)
    command.type('s')
    await vi.waitFor(() => expect(command.stderr()).toContain('2/5  paused at step'), WAIT)
    command.type('\u0003')
    const { exitCode, stderr, stdout } = await command.ended
    expect(exitCode).toBe(1)
    const [{ id } = { id: '' }] = await replaysOf('slow')
    expect(stderr).toContain(`dateline replay watch slow ${id}`)
    expect(stdout).toMatch(/ {2}paused {2}entries 1 to 5, at 2 {2}step {2}lap 1\n$/)
    const again = start(['replay', 'watch', 'slow'], { isTerminal: true })
    await vi.waitFor(() => expect(again.stderr()).toContain('2/5'), WAIT)
    again.type('q')
    expect((await again.ended).exitCode).toBe(1)
    expect(await replaysOf('slow')).toEqual([])
  })

  it('[CLI15] steers the only one that runs, or the one that is named', async () => {
    await anEvent('steered', 9)
    const begun = asReplay(
      await run(['replay', 'steered', '--speed', 'step', '--max-silence', '2', '--detach', '--json']),
    )
    expect(begun).toMatchObject({ state: 'running', seq: 0, speed: 'step', maxSilenceMs: 2_000 })
    const steer = async (...args: string[]) => asReplay(await run(['replay', ...args, '--json']))
    expect(await steer('step', 'steered')).toMatchObject({ state: 'paused', seq: 1 })
    expect(await steer('seek', 'steered', '7', begun.id)).toMatchObject({ lap: 2, seq: 6 })
    expect(await steer('speed', 'steered', '0.5')).toMatchObject({ speed: 0.5 })
    expect(await steer('pause', 'steered', begun.id)).toMatchObject({ state: 'paused' })
    // Resumed at another speed it might be over before it is looked at again.
    expect(await steer('speed', 'steered', 'step')).toMatchObject({ speed: 'step' })
    expect(await steer('resume', 'steered')).toMatchObject({ state: 'running' })
    const other = asReplay(await run(['replay', 'start', 'steered', '--speed', 'step', '--detach', '--json']))
    const unclear = await run(['replay', 'pause', 'steered'])
    expect(unclear).toMatchObject({
      exitCode: 2,
      stderr: expect.stringMatching(new RegExp(`which replay: .*${other.id}`)),
    })
    expect(await steer('stop', 'steered', other.id)).toMatchObject({ id: other.id, state: 'ended' })
    expect(await steer('stop', 'steered')).toMatchObject({ id: begun.id })
    const none = await run(['replay', 'stop', 'steered'])
    expect(none).toMatchObject({ exitCode: 2, stderr: 'No replay of steered runs.\n' })
  })

  it('[CLI14] ends with 1 when somebody else ended it', async () => {
    await anEvent('taken', 3)
    const command = start(['replay', 'taken', '--speed', 'step', '--json'])
    await vi.waitFor(async () => expect(await replaysOf('taken')).toHaveLength(1), WAIT)
    await run(['replay', 'stop', 'taken'])
    const ended = await command.ended
    expect([ended.exitCode, asReplay(ended).state]).toEqual([1, 'ended'])
  })

  it.each([
    [['replay', 'nowhere'], 1, /^No such event/],
    [['replay', 'short', '--from', '99'], 1, /#\/from The feed ends with entry/],
    [['replay', 'short', '--speed', 'fast'], 2, /Must be 0\.1 to 1000, max or step/],
    [['replay', 'short', '--speed', '0'], 2, /Must be 0\.1 to 1000/],
    [['replay', 'seek', 'short', 'end'], 2, /Must be the seq of an entry/],
    [['replay', 'stop', 'short', 'that'], 2, /Must be the id of a replay/],
    [['replay', 'stop', 'short', '0123456789abcdef'], 1, /There is nothing at this address/],
    [['replay', 'short', '--url', 'http://127.0.0.1:9'], 1, /^Dateline cannot be reached/],
    [
      ['replay', 'short', '--url', 'http://live.example'],
      2,
      /^For http:\/\/live\.example, give a token with the role ops: --token or DATELINE_TOKEN/,
    ],
  ])('[CLI3] says in a sentence what is wrong with %j, and exits with %i', async (args, expected, sentence) => {
    const { exitCode, stderr } = await run(args)
    expect(stderr).toMatch(sentence)
    expect(exitCode).toBe(expected)
  })
})
