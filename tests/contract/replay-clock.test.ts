import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Replay } from '../../src/protocol/replay.ts'
import { acceptRequest, aFingerprint, anEvent, eventSubmission, updateOf, updateSubmission } from '../support/build.ts'
import { startServer, type TestServer } from '../support/server.ts'

const BEGAN = Date.parse('2026-11-24T10:00:00.000Z')
const MINUTE_MS = 60_000
const ENTRIES = 6
/** What a busy machine may add to a wait. */
const NOISE_MS = 1_500

let server: TestServer

/** An event whose entries were committed a minute apart; the worker plays one replay at a time. */
beforeAll(async () => {
  server = await startServer({ env: { REPLAY_CONCURRENCY: '1' } })
  const { acceptor, committer, redis, keys } = server.store
  await redis.zadd(keys.index, BEGAN, 'talks')
  const created = eventSubmission(anEvent('talks', new Date(BEGAN)), new Date(BEGAN))
  await acceptor.accept(acceptRequest(created), new Date(BEGAN))
  const ref = { eventId: 'talks', acceptNumber: 1, submissionId: created.submissionId, sub: 'anna' }
  await committer.commit(ref, { kind: 'event', event: created.event }, new Date(BEGAN))
  for (let n = 2; n <= ENTRIES; n++) {
    const now = new Date(BEGAN + (n - 1) * MINUTE_MS)
    const submission = updateSubmission({ draft: { body: `Update ${n}.`, bodyFormat: 'text' } }, now)
    await acceptor.accept(acceptRequest(submission), now)
    const { submissionId, updateId } = submission
    const own = { eventId: 'talks', acceptNumber: n, submissionId, updateId, sub: 'anna' }
    const desk = { raw: submission.draft, normalization: [] }
    const fingerprint = aFingerprint(submission)
    await committer.commit(own, { kind: 'publish', update: updateOf(submission), desk, fingerprint }, now)
  }
})
afterAll(() => server.stop())

async function ask<T>(method: string, path: string, body?: object) {
  const answer = await fetch(`${server.url}/v1/events/talks/replays${path}`, {
    method,
    headers: { Authorization: `Bearer ${server.tokens.ops}`, 'Content-Type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await answer.text()
  return { status: answer.status, body: (text === '' ? undefined : JSON.parse(text)) as T }
}

async function begin(body: object): Promise<Replay> {
  const answer = await ask<Replay>('POST', '', body)
  expect(answer.status).toBe(201)
  return answer.body
}

const change = async ({ id }: Replay, body: object) => (await ask<Replay>('PATCH', `/${id}`, body)).body
const read = async ({ id }: Replay) => (await ask<Replay>('GET', `/${id}`)).body
const end = ({ id }: Replay) => ask('DELETE', `/${id}`)

/** Milliseconds until the replay has sent `seq`. */
async function untilSent(replay: Replay, seq: number): Promise<number> {
  const began = performance.now()
  const options = { timeout: 20_000, interval: 20 }
  await vi.waitFor(async () => expect((await read(replay)).seq).toBeGreaterThanOrEqual(seq), options)
  return performance.now() - began
}

const passing = (ms: number) => {
  const from = performance.now()
  return vi.waitFor(() => expect(performance.now() - from).toBeGreaterThanOrEqual(ms), { timeout: ms + 5_000 })
}

describe('the clock of a replay', { timeout: 40_000 }, () => {
  it('[REPLAY11] keeps what was played of an interval through a pause', async () => {
    const replay = await begin({ from: 2, speed: 20 }) // an entry each 3 s
    await untilSent(replay, 2)
    await passing(2_000)
    await change(replay, { state: 'paused' })
    await passing(1_500)
    expect((await read(replay)).seq).toBe(2)
    await change(replay, { state: 'running' })
    const rest = await untilSent(replay, 3)
    expect(rest).toBeLessThan(1_100 + NOISE_MS)
    await end(replay)
  })

  it('[REPLAY11] is not set back by a change that changes nothing', async () => {
    const replay = await begin({ from: 2, speed: 30 }) // an entry each 2 s
    await untilSent(replay, 2)
    const began = performance.now()
    for (let i = 0; i < 3; i++) {
      await passing(500)
      await change(replay, { state: 'running', speed: 30 })
    }
    await untilSent(replay, 3)
    expect(performance.now() - began).toBeLessThan(2_000 + NOISE_MS)
    await end(replay)
  })

  it('[REPLAY11] divides what is left of an interval by another speed, and makes up for nothing', async () => {
    const replay = await begin({ from: 2, speed: 1 }) // an entry a minute
    await untilSent(replay, 2)
    await passing(3_000)
    await change(replay, { speed: 30 }) // 57 s are left: 1.9 s
    const rest = await untilSent(replay, 3)
    expect(rest).toBeGreaterThan(1_500)
    expect((await read(replay)).seq).toBe(3)
    expect(await untilSent(replay, 4)).toBeGreaterThan(1_000)
    await end(replay)
  })

  it('[REPLAY11] counts from the change when steps become a speed', async () => {
    const replay = await begin({ from: 2, speed: 'step' })
    await change(replay, { step: true })
    await passing(1_500)
    await change(replay, { state: 'running', speed: 30 })
    expect(await untilSent(replay, 3)).toBeGreaterThan(1_500)
    expect((await read(replay)).seq).toBe(3)
    await end(replay)
  })

  it('[REPLAY12] leaves the worker to others while nothing is due, and is taken up when it is changed', async () => {
    const paused = await begin({ from: 2, speed: 'step' })
    const silent = await begin({ from: 2, speed: 1 })
    const other = await begin({ speed: 'max' })
    await untilSent(other, ENTRIES)
    await change(paused, { speed: 'max' })
    expect(await untilSent(paused, ENTRIES)).toBeLessThan(12_000)
    await change(silent, { speed: 'max' })
    expect(await untilSent(silent, ENTRIES)).toBeLessThan(12_000)
    for (const each of [paused, silent, other]) await end(each)
  })

  it('[REPLAY13] steps once for each who steps, however many do it at a time', async () => {
    const replay = await begin({ speed: 'step' })
    await Promise.all([1, 2, 3, 4].map(() => change(replay, { step: true })))
    expect((await read(replay)).seq).toBe(4)
    await end(replay)
  })

  it('[REPLAY13] makes room for new ones when it has ended; of those under way there may be 50', async () => {
    const first = await begin({ from: 1, to: 1, speed: 'max' })
    await untilSent(first, 1)
    const standing: Replay[] = []
    for (let n = 1; n < 50; n++) standing.push(await begin({ speed: 'step' }))
    standing.push(await begin({ speed: 'step' }))
    expect((await ask('GET', `/${first.id}`)).status).toBe(404)
    expect((await ask('POST', '', { speed: 'step' })).status).toBe(429)
    for (const each of standing) await end(each)
    expect((await ask<{ replays: Replay[] }>('GET', '')).body.replays).toEqual([])
  })

  it('[REPLAY14] ends where the feed ends, when the end of the feed was lost', async () => {
    const replay = await begin({ from: 3, speed: 'step' })
    const { redis, keys } = server.store
    const { feed, meta } = keys.event('talks')
    const [last, before] = await redis.xrevrange(feed, '+', '-', 'COUNT', 2)
    const chain = /"chain":"([0-9a-f]+)"/.exec(before?.[1][1] ?? '')?.[1] ?? ''
    const lost = last?.[1][1] ?? ''
    const whole = await redis.hmget(meta, 'seq', 'chain')
    await redis.xdel(feed, `${ENTRIES}-0`)
    await redis.hset(meta, { seq: ENTRIES - 1, chain })
    await change(replay, { speed: 1_000 })
    const options = { timeout: 10_000 }
    await vi.waitFor(async () => expect(await read(replay)).toMatchObject({ state: 'ended', seq: 5, to: 5 }), options)
    await redis.hset(meta, { seq: whole[0] ?? '', chain: whole[1] ?? '' })
    await redis.hset(keys.event('talks').purged, String(ENTRIES), lost)
    await end(replay)
  })
})
