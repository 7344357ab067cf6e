import { tmpdir } from 'node:os'
import { afterAll, describe, expect, it, vi } from 'vitest'
import type { OpsAuditPage, Overview } from '../../src/protocol/ops.ts'
import { commandsOf } from '../support/dateline-command.ts'
import { callsTo } from '../support/http.ts'
import { startServer } from '../support/server.ts'

const server = await startServer()
afterAll(() => server.stop())
const { createEvent, publish } = callsTo(server)
await createEvent({ id: 'talks' })
await publish('talks')

const { run } = commandsOf(server, tmpdir())
const ops = (...args: string[]) => run(['ops', ...args])

describe('dateline ops', () => {
  it('[OPS22] shows intake, store, queues, processes and events, as text or as JSON', async () => {
    const { exitCode, stdout, stderr } = await ops()
    expect([exitCode, stderr]).toEqual([0, ''])
    expect(stdout).toMatch(/^Intake: open\nStore: Redis \d+\.\d+\.\d+, \w+, [\d.]+ MB\nQueues: 2\n/)
    expect(stdout).toMatch(/\n {2}submissions {2}0 waiting, 0 active, 0 delayed, 0 failed\n/)
    expect(stdout).toMatch(new RegExp(`\\nProcesses: 1\\n {2}${server.processId} {2}everything `))
    expect(stdout).toMatch(
      /\n {2}talks {2}live {2}0 viewers {2}2 entries {2}2\/min {2}0 waiting {2}0 dead {2}0 held\n$/,
    )
    const json = JSON.parse((await ops('show', '--json')).stdout) as Overview
    expect(json.events[0]?.id).toBe('talks')
  })

  it('[OPS22] pauses and opens intake and queues, drains, and lists who did it', async () => {
    const paused = await ops('pause', 'The wire is down.')
    expect(paused.stdout).toMatch(/^Intake: paused since \S+Z by Terminal: The wire is down\.\n$/)
    expect((await ops()).stdout).toMatch(/^Intake: paused since .*: The wire is down\.\n/)
    expect((await ops('open')).stdout).toBe('Intake: open\n')
    expect((await ops('queue', 'replays', 'pause')).stdout).toBe('replays: paused\n')
    expect((await ops()).stdout).toMatch(/\n {2}replays {6}paused, 0 waiting/)
    expect((await ops('queue', 'replays', 'resume')).stdout).toBe('replays: going on\n')
    expect((await ops('drain', server.processId)).stdout).toBe(`${server.processId}: draining\n`)
    await vi.waitFor(() => expect(server.endings).toEqual(['ops drained it']), 5_000)
    const lines = (await ops('audit')).stdout.trim().split('\n')
    expect(lines.map(line => line.split(/ {2,}/)[2])).toEqual([
      ...['process-drained', 'queue-resumed', 'queue-paused', 'intake-opened', 'intake-paused'],
    ])
    const json = JSON.parse((await ops('audit', '--json')).stdout) as OpsAuditPage
    expect(json.entries).toHaveLength(5)
  })

  it('[OPS22] says what is wrong, with an exit code', async () => {
    const none = '018f0000-0000-7000-8000-000000000000'
    expect(await ops('drain', none)).toMatchObject({ exitCode: 1, stderr: expect.stringContaining(none) })
    expect(await ops('queue', 'other', 'pause')).toMatchObject({ exitCode: 2 })
    expect(await ops('pause')).toMatchObject({ exitCode: 2 })
    const token = server.tokens.editor
    expect(await ops('show', '--token', token)).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('role ops'),
    })
  })
})
