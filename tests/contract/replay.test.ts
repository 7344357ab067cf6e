import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Entry } from '../../src/protocol/entry.ts'
import type { Replay } from '../../src/protocol/replay.ts'
import type { EntryPage, Snapshot } from '../../src/protocol/snapshot.ts'
import type { JoinAnswer } from '../../src/protocol/socket.ts'
import { acceptRequest, aFingerprint, anEvent, eventSubmission, updateOf, updateSubmission } from '../support/build.ts'
import { startServer, type TestServer } from '../support/server.ts'
import { SocketViewer } from '../support/socket-viewer.ts'

const BEGAN = Date.parse('2026-11-24T10:00:00.000Z')
const ENTRIES = 40

let server: TestServer
let original: string[]
const viewers: SocketViewer[] = []

/** An event whose entries were committed a second apart: publications, two revisions, a retraction. */
beforeAll(async () => {
  server = await startServer()
  const { acceptor, committer, index, redis, keys } = server.store
  await redis.zadd(keys.index, BEGAN, 'talks')
  const created = eventSubmission(anEvent('talks', new Date(BEGAN)), new Date(BEGAN))
  await acceptor.accept(acceptRequest(created), new Date(BEGAN))
  const ref = { eventId: 'talks', acceptNumber: 1, submissionId: created.submissionId, sub: 'anna' }
  await committer.commit(ref, { kind: 'event', event: created.event }, new Date(BEGAN))
  const ids: string[] = []
  for (let n = 2; n <= ENTRIES; n++) {
    const now = new Date(BEGAN + n * 1_000)
    const kind = n === 20 || n === 30 ? 'revise' : n === 35 ? 'retract' : 'publish'
    const about = kind === 'publish' ? {} : { updateId: ids[n - 20] ?? '', version: 2 }
    const body = { body: `Update ${n}.`, bodyFormat: 'text' as const }
    const submission = updateSubmission({ kind, ...about, draft: body }, now)
    ids.push(submission.updateId)
    const answer = await acceptor.accept(acceptRequest(submission), now)
    expect(answer).toEqual({ result: 'accepted', acceptNumber: n })
    const { submissionId, updateId } = submission
    const own = { eventId: 'talks', acceptNumber: n, submissionId, updateId, sub: 'anna' }
    const update = updateOf(submission)
    const words = { update, desk: { raw: submission.draft, normalization: [] }, fingerprint: aFingerprint(submission) }
    await committer.commit(own, kind === 'retract' ? { kind, update } : { kind, ...words }, now)
  }
  expect(index).toBeDefined()
  original = await feedLines()
  expect(original).toHaveLength(ENTRIES)
})
afterAll(async () => {
  for (const viewer of viewers) viewer.socket.close()
  await server.stop()
})

async function feedLines(): Promise<string[]> {
  const answer = await fetch(`${server.url}/v1/events/talks/entries?limit=1000`)
  const { entries } = (await answer.json()) as EntryPage
  return entries.map(entry => JSON.stringify(entry))
}

async function ask<T>(method: string, path: string, body?: object, as: 'ops' | 'editor' = 'ops') {
  const answer = await fetch(`${server.url}/v1/events/talks/replays${path}`, {
    method,
    headers: { Authorization: `Bearer ${server.tokens[as]}`, 'Content-Type': 'application/json' },
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

async function viewerOf(replay: Replay, after: unknown = null) {
  const viewer = await new SocketViewer(server, { as: 'editor' }).connected()
  viewers.push(viewer)
  const answer = await rehearse(viewer, replay, after)
  return { viewer, answer }
}

function rehearse({ socket }: SocketViewer, { id }: Replay, after: unknown = null): Promise<JoinAnswer> {
  return new Promise(resolve => {
    socket.emit('join', { eventId: 'talks', replay: id, after: after as null }, resolve)
  })
}

const linesOf = ({ seen }: SocketViewer, epoch: string): string[] =>
  seen.flatMap(each => (each.what === 'entry' && each.epoch === epoch ? [JSON.stringify(each.entry)] : []))

const seqOf = (answer: JoinAnswer): number => (answer.result === 'refused' ? -1 : answer.position.seq)

describe('a replay', () => {
  it('[REPLAY2] sends the original entries, byte for byte and in order, to its rehearsal room alone', async () => {
    const live = await new SocketViewer(server).connected()
    viewers.push(live)
    await live.join('talks')
    const replay = await begin({ from: 1, to: ENTRIES, speed: 'step' })
    expect(replay).toMatchObject({
      room: `replay:${replay.id}`,
      state: 'running',
      from: 1,
      to: ENTRIES,
      seq: 0,
      speed: 'step',
    })
    const { viewer, answer } = await viewerOf(replay)
    expect(answer).toMatchObject({
      result: 'restarted',
      reason: 'first-visit',
      position: { epoch: `${replay.id}:1`, seq: 0 },
    })
    await ask('PATCH', `/${replay.id}`, { speed: 'max' })
    await vi.waitFor(() => expect(linesOf(viewer, `${replay.id}:1`)).toEqual(original), 8_000)
    expect(viewer.seen.every(each => each.what !== 'entry' || each.room === replay.room)).toBe(true)
    await vi.waitFor(async () => expect((await ask<Replay>('GET', `/${replay.id}`)).body.state).toBe('ended'))
    expect(live.seen.filter(each => each.what === 'entry')).toEqual([])
    expect(await feedLines()).toEqual(original)
  })

  it('[REPLAY3] keeps the intervals divided by the speed, and cuts silences', async () => {
    const replay = await begin({ from: 2, to: 12, speed: 'step' })
    const { viewer } = await viewerOf(replay)
    const arrivals: number[] = []
    viewer.socket.on('entry', () => arrivals.push(performance.now()))
    await ask('PATCH', `/${replay.id}`, { speed: 10 })
    await vi.waitFor(async () => expect((await ask<Replay>('GET', `/${replay.id}`)).body.state).toBe('ended'), 8_000)
    const gaps = arrivals.slice(1).map((at, i) => at - (arrivals[i] ?? 0))
    expect(gaps).toHaveLength(10)
    const median = gaps.toSorted((a, b) => a - b)[Math.floor(gaps.length / 2)] ?? 0
    expect(Math.abs(median - 100)).toBeLessThan(50)

    const began = performance.now()
    const cut = await begin({ from: 2, to: 10, speed: 1, maxSilenceMs: 20 })
    await vi.waitFor(async () => expect((await ask<Replay>('GET', `/${cut.id}`)).body.state).toBe('ended'), 4_000)
    expect(performance.now() - began).toBeLessThan(2_000)
  })

  it('[REPLAY4] shows the event as it stood at its last entry sent, also to those who join in the middle', async () => {
    const replay = await begin({ from: 1, to: ENTRIES, speed: 'step' })
    await ask('PATCH', `/${replay.id}`, { seq: 20 })
    const { answer } = await viewerOf(replay)
    if (answer.result !== 'restarted') throw new Error(answer.result)
    expect(answer.position).toMatchObject({ epoch: `${replay.id}:2`, seq: 19 })
    const shown = (answer.snapshot as Snapshot).updates
    expect(shown.map(update => update.bodyText)).toEqual(Array.from({ length: 18 }, (_, i) => `Update ${19 - i}.`))
    expect(shown.every(update => update.version === 1)).toBe(true)
  })

  it('[REPLAY5] is paused, stepped, sought, resumed and ended; a seek restarts its viewers', async () => {
    const replay = await begin({ from: 1, to: ENTRIES, speed: 1 })
    const paused = await ask<Replay>('PATCH', `/${replay.id}`, { state: 'paused' })
    expect(paused.body.state).toBe('paused')
    const { viewer, answer } = await viewerOf(replay)
    const start = seqOf(answer)
    const stepped = await ask<Replay>('PATCH', `/${replay.id}`, { step: true })
    expect(stepped.body).toMatchObject({ state: 'paused', seq: start + 1 })
    await vi.waitFor(() => expect(linesOf(viewer, `${replay.id}:1`)).toEqual(original.slice(start, start + 1)))

    const sought = await ask<Replay>('PATCH', `/${replay.id}`, { seq: 30 })
    expect(sought.body).toMatchObject({ lap: 2, seq: 29 })
    await vi.waitFor(() =>
      expect(viewer.notices).toEqual([{ kind: 'restart', eventId: replay.room, reason: 'epoch-changed' }]),
    )
    expect(seqOf(await rehearse(viewer, replay))).toBe(29)
    await ask('PATCH', `/${replay.id}`, { state: 'running', speed: 'max' })
    await vi.waitFor(() => expect(linesOf(viewer, `${replay.id}:2`)).toEqual(original.slice(29)), 8_000)

    await ask('PATCH', `/${replay.id}`, { seq: 38 })
    await vi.waitFor(async () => expect((await ask<Replay>('GET', `/${replay.id}`)).body.seq).toBe(ENTRIES), 8_000)
    expect((await ask('DELETE', `/${replay.id}`)).status).toBe(204)
    expect((await ask('GET', `/${replay.id}`)).status).toBe(404)
    expect(await rehearse(viewer, replay)).toMatchObject({ result: 'refused', problem: { status: 404 } })
  })

  it('[REPLAY6] lets a viewer that comes back with its position go on from there', async () => {
    const replay = await begin({ from: 1, to: ENTRIES, speed: 'step' })
    await ask('PATCH', `/${replay.id}`, { step: true })
    const { viewer, answer } = await viewerOf(replay)
    if (answer.result !== 'restarted') throw new Error(answer.result)
    viewer.socket.close()
    for (let i = 0; i < 3; i++) await ask('PATCH', `/${replay.id}`, { step: true })
    const { answer: back } = await viewerOf(replay, answer.position)
    expect(back).toMatchObject({ result: 'resumed', position: { seq: 4 } })
    const { entries } = back as { entries: Entry[] }
    expect(entries.map(entry => JSON.stringify(entry))).toEqual(original.slice(1, 4))
  })

  it('[REPLAY7] takes a range of moments, and lists what stands', async () => {
    const at = (n: number) => new Date(BEGAN + n * 1_000).toISOString()
    const replay = await begin({ from: at(10), to: at(12.5), speed: 'step' })
    expect(replay).toMatchObject({ from: 10, to: 12, seq: 9 })
    const { replays } = (await ask<{ replays: Replay[] }>('GET', '')).body
    expect(replays).toContainEqual(replay)
  })

  it.each([
    [{ from: 0 }, '#/from'],
    [{ from: 41 }, '#/from'],
    [{ from: 5, to: 4 }, '#/to'],
    [{ to: 41 }, '#/to'],
    [{ speed: 0 }, '#/speed'],
    [{ speed: 'fast' }, '#/speed'],
    [{ speed: 1_001 }, '#/speed'],
    [{ maxSilenceMs: -1 }, '#/maxSilenceMs'],
    [{ from: '2026-02-30T10:00:00Z' }, '#/from'],
    [{ from: '2031-01-01T00:00:00Z' }, '#/from'],
    [{ laps: 2 }, '#/laps'],
  ])('[REPLAY8] refuses %j and says where', async (body, pointer) => {
    const answer = await ask<{ type: string; errors: { pointer: string }[] }>('POST', '', body)
    expect(answer.status).toBe(400)
    expect(answer.body.type).toBe('/problems/invalid-request')
    expect(answer.body.errors[0]?.pointer).toBe(pointer)
  })

  it('[REPLAY9] is for ops to steer, and its room for editors and ops', async () => {
    expect((await ask('POST', '', {}, 'editor')).status).toBe(403)
    const replay = await begin({ speed: 'step' })
    expect((await ask('PATCH', `/${replay.id}`, { seq: 99 })).status).toBe(400)
    expect((await ask('GET', '/0000000000000000')).status).toBe(404)
    expect((await ask('GET', '/nothing')).status).toBe(400)
    for (const [as, status] of [
      ['contributor', 403],
      ['elsewhere', 403],
      [undefined, 401],
    ] as const) {
      const viewer = await new SocketViewer(server, as === undefined ? {} : { as }).connected()
      viewers.push(viewer)
      expect(await rehearse(viewer, replay)).toMatchObject({ result: 'refused', problem: { status } })
    }
  })
})
