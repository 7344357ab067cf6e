import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { GapAudit } from '../../src/protocol/gaps.ts'
import { commandsOf } from '../support/dateline-command.ts'
import { callsTo } from '../support/http.ts'
import { startServer } from '../support/server.ts'

const SOON = { timeout: 15_000, interval: 100 }

const server = await startServer()
const dir = await mkdtemp(join(tmpdir(), 'audit-cli-'))
const { createEvent, publish } = callsTo(server)
const { start, run } = commandsOf(server, dir)

beforeAll(async () => {
  await createEvent({ id: 'talks' })
  for (let n = 2; n <= 4; n++) await publish('talks')
})
afterAll(async () => {
  await server.stop()
  await rm(dir, { recursive: true })
})

describe('dateline audit', () => {
  it('[GAP6] follows each accept number to its entry, and ends with 0 when nothing is missing', async () => {
    await vi.waitFor(async () => expect((await run(['audit', 'talks'])).stdout).toMatch(/commit .* 4\n/), SOON)
    const { exitCode, stdout, stderr } = await run(['audit', 'talks', '--limit', '2'])
    expect([exitCode, stderr]).toEqual([0, ''])
    expect(stdout).toMatch(/^talks: 4 accepted, 4 entries, complete: 1\.\.4\n {2}applied 1, published 3\n/)
    expect(stdout).toMatch(/\n {2}missing +none\n {2}doubled +none\n {2}late +none\n/)
    expect(stdout).toMatch(/\n {2}normalize( +[\d.]+){4} +3\n/)
    const numbers = stdout
      .split('reach (ms)\n')[1]
      ?.split('\n')
      .map(line => line.trim().split(/ +/).slice(0, 4))
    expect(numbers?.slice(0, 2)).toEqual([
      ['4', '4', expect.stringMatching(/^[0-9a-f]{8}$/), 'published'],
      ['3', '3', expect.stringMatching(/^[0-9a-f]{8}$/), 'published'],
    ])
  })

  it('[GAP6] prints all of it as JSON', async () => {
    const { exitCode, stdout } = await run(['audit', 'talks', '--json'])
    const audit = JSON.parse(stdout) as GapAudit
    expect([exitCode, audit.accepted, audit.numbers.length]).toEqual([0, 4, 4])
  })

  it('[GAP6] looks again and again with --watch, and ends with 1 when something is missing', {
    timeout: 60_000,
  }, async () => {
    await createEvent({ id: 'watched' })
    await publish('watched')
    const watching = start(['audit', 'watched', '--watch', '--json'])
    await vi.waitFor(() => expect(watching.stdout()).toContain('\n'), SOON)
    const { redis, keys } = server.store
    await redis.hdel(keys.event('watched').outcomes, '2')
    await vi.waitFor(() => expect(watching.stdout()).toContain('"missing":[2]'), SOON)
    watching.interrupt()
    const { exitCode, stdout } = await watching.ended
    const audits = stdout
      .trim()
      .split('\n')
      .map(line => (JSON.parse(line) as GapAudit).missing)
    expect([exitCode, audits[0], audits.at(-1)]).toEqual([1, [], [2]])
    const left = start(['audit', 'talks', '--watch'])
    await vi.waitFor(() => expect(left.stdout()).toContain('talks: 4 accepted'), SOON)
    left.leave()
    expect((await left.ended).exitCode).toBe(0)
  })

  it('[GAP6] names what was lost, doubled or altered, and where', async () => {
    await createEvent({ id: 'damaged' })
    for (let n = 2; n <= 4; n++) await publish('damaged', { body: `Update ${n}.` })
    const { redis, keys } = server.store
    const { feed, meta, outcomes } = keys.event('damaged')
    const [[, fields] = ['', []]] = await redis.xrange(feed, '4-0', '4-0')
    await redis.xadd(feed, '5-0', 'line', String(fields[1]).replace('"seq":4', '"seq":5'))
    await redis.hset(meta, 'seq', 5)
    await redis.hdel(outcomes, '2')
    const { exitCode, stdout } = await run(['audit', 'damaged'])
    expect(exitCode).toBe(1)
    expect(stdout).toMatch(/^damaged: 4 accepted, 5 entries, differs at 5\n/)
    expect(stdout).toMatch(/\n {2}missing +2\n {2}doubled +4\n/)
    expect(stdout).toMatch(/\n +4 +4 .* doubled\n/)
  })

  it('[GAP6] says in a sentence what is wrong', async () => {
    expect(await run(['audit', 'nowhere'])).toEqual({ exitCode: 1, stdout: '', stderr: 'There is no event nowhere.\n' })
    expect((await run(['audit', 'No Slug'])).exitCode).toBe(2)
    expect((await run(['audit', 'talks', '--limit', '1001'])).exitCode).toBe(2)
    expect((await run(['audit', '--help'])).stdout).toMatch(/Exit codes:\n {2}0 .*\n {2}1 .*\n {2}2 /)
  })
})

describe('dateline verify', () => {
  it('[PROOF5] says up to where a feed is complete, or the first entry that differs', async () => {
    await createEvent({ id: 'verified' })
    for (let n = 2; n <= 4; n++) await publish('verified', { body: `Update ${n}.` })
    expect(await run(['verify', 'verified'])).toEqual({
      ...{ exitCode: 0, stdout: 'verified: complete: 1..4, all well\n', stderr: '' },
    })
    const { redis, keys } = server.store
    const { feed } = keys.event('verified')
    await redis.xdel(feed, '3-0')
    expect(await run(['verify', 'verified'])).toEqual({
      ...{ exitCode: 1, stdout: 'verified: differs at 3: missing\n', stderr: '' },
    })
    const { exitCode, stdout } = await run(['verify', 'verified', '--json'])
    expect(exitCode).toBe(1)
    expect(JSON.parse(stdout)).toEqual({
      ...{ ok: false, eventId: 'verified', firstDifference: { seq: 3, problem: 'missing' } },
    })
    expect((await run(['verify', 'nowhere'])).exitCode).toBe(1)
  })
})
