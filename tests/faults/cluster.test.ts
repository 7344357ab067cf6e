import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterAll, describe, expect, it, vi } from 'vitest'
import { judgeStore } from '../../src/main/cli/doctor/judge-store.ts'
import { measureStore } from '../../src/main/cli/doctor/measure-store.ts'
import type { Entry } from '../../src/protocol/entry.ts'
import type { Overview } from '../../src/protocol/ops.ts'
import type { Replay } from '../../src/protocol/replay.ts'
import { checkRedis, connectRedis } from '../../src/redis/connect.ts'
import { bury } from '../support/bury.ts'
import { freePort } from '../support/dateline-process.ts'
import { createFullEvent } from '../support/full-event.ts'
import { callsTo } from '../support/http.ts'
import { startRedisCluster } from '../support/redis-cluster.ts'
import { startServer } from '../support/server.ts'
import { viewersOf } from '../support/socket-viewer.ts'
import { streamsOf } from '../support/stream-viewer.ts'

const cluster = await startRedisCluster()
afterAll(() => cluster.stop())
const dir = await mkdtemp(join(tmpdir(), 'dateline-cluster-'))
const server = await startServer({ env: { REDIS_URL: cluster.url, ARCHIVE_DIR: dir } })
afterAll(async () => {
  await server.stop()
  await rm(dir, { recursive: true })
})
const { call, change, createEvent, publish } = callsTo(server)
const { connect } = viewersOf(server)
const { stream } = streamsOf(server)
const { keys } = server.store

/** An event on each primary: of three names that are tried, one is there soon. */
async function eventsOnEach(name: string): Promise<string[]> {
  return await Promise.all(
    cluster.primaries.map(async primary => {
      for (let n = 0; ; n++) {
        const id = `${name}-${n}`
        if ((await cluster.primaryOf(keys.event(id).feed)) === primary) return (await createEvent({ id })).id
      }
    }),
  )
}

const GZIP = { 'Content-Type': 'application/gzip' }
const exported = async (id: string) => (await call('GET', `/v1/events/${id}/archive`, { as: 'ops' })).bytes
const entriesOf = async (eventId: string) =>
  (await call<{ entries: Entry[] }>('GET', `/v1/events/${eventId}/entries?limit=1000`)).body.entries

describe('a Redis Cluster of three primaries', () => {
  it('[CLUSTER1] takes events on every primary, and gives each to sockets, streams and pollers', async () => {
    const ids = await eventsOnEach('each')
    expect(new Set(ids).size).toBe(3)
    for (const id of ids) {
      const socket = await connect()
      await socket.join(id)
      const events = await stream(id)
      const polled = call<{ entries: Entry[] }>('GET', `/v1/events/${id}/entries?after=1&wait=20`)
      await publish(id, { body: `They met in ${id}.` })
      await Promise.all([socket.reaches(2), events.reaches(2)])
      socket.expectNoGap()
      expect((await polled).body.entries).toHaveLength(1)
    }
    const listed = await call<{ events: { id: string }[] }>('GET', '/v1/events')
    expect(listed.body.events.map(({ id }) => id)).toEqual(expect.arrayContaining(ids))
  })

  it('[CLUSTER2] takes an event out and in again, byte by byte, also into the archive store and back', async () => {
    const [eventId = '', other = ''] = await eventsOnEach('archive')
    await createFullEvent(server, `${eventId}-full`)
    const ids = [eventId, other, `${eventId}-full`]
    for (const id of ids) {
      const before = await exported(id)
      const answer = await call('POST', '/v1/archives?replace=true', { as: 'ops', raw: before, headers: GZIP })
      expect(answer.status, answer.text).toBe(200)
      expect(await exported(id)).toEqual(before)
    }
    const entries = await entriesOf(other)
    await change('PATCH', `/v1/events/${other}`, 1, { status: 'ended' })
    expect((await call('PUT', `/v1/events/${other}/stored`, { as: 'ops' })).status).toBe(200)
    expect((await entriesOf(other)).slice(0, entries.length)).toEqual(entries)
    expect((await call('DELETE', `/v1/events/${other}/stored`, { as: 'ops' })).status).toBe(200)
    expect((await entriesOf(other)).slice(0, entries.length)).toEqual(entries)
  })

  it('[CLUSTER2] replays an event, retries a dead letter, and tells ops of all of it', async () => {
    const ids = await eventsOnEach('ops')
    for (const id of ids) {
      for (const body of ['First.', 'Second.', 'Third.']) await publish(id, { body })
      const { body: replay } = await call<Replay>('POST', `/v1/events/${id}/replays`, {
        as: 'ops',
        body: { speed: 'max' },
      })
      const path = `/v1/events/${id}/replays/${replay.id}`
      await vi.waitFor(
        async () =>
          expect((await call<Replay>('GET', path, { as: 'ops' })).body).toMatchObject({ state: 'ended', seq: 4 }),
        10_000,
      )
      const { acceptNumber } = await bury(server.store, id, { draft: { body: 'Once more.', bodyFormat: 'text' } })
      const retried = await call('POST', `/v1/events/${id}/dead-letters/${acceptNumber}/retry`, { as: 'ops' })
      expect(retried.status, retried.text).toBe(202)
      await vi.waitFor(async () => expect(await entriesOf(id)).toHaveLength(5), 10_000)
    }
    const { body } = await call<Overview>('GET', '/v1/ops/overview', { as: 'ops' })
    expect(body.store).toMatchObject({ reachable: true, durability: 'always' })
    expect(body.queues).toHaveLength(2)
    expect(body.processes).toHaveLength(1)
    expect(body.events.map(({ id }) => id)).toEqual(expect.arrayContaining(ids))
  })
})

describe('the doctor of a cluster', () => {
  const limits = { headWaitMs: 2_000, isProduction: false, minFreeBytes: 1, fullAt: undefined, now: new Date() }
  const examine = async (url: string) => {
    const store = await measureStore(url, { writeProbe: keys.writeProbe, now: Date.now })
    return judgeStore(store, limits)
  }

  it('[CLUSTER7] looks at each primary, also where a node that is named is away', async () => {
    const findings = await examine(cluster.url.replace('//', `//127.0.0.1:${await freePort()},`))
    for (const { port } of cluster.primaries) {
      const own = findings.filter(({ says }) => says.startsWith(`redis://127.0.0.1:${port}: `))
      expect(own).toContainEqual(expect.objectContaining({ check: 'redis-writes', result: 'ok' }))
      expect(own).toContainEqual(expect.objectContaining({ check: 'redis-fsync', result: 'ok' }))
    }
    expect(findings.filter(({ result }) => result === 'fail')).toEqual([])
    expect(await examine(`redis://127.0.0.1:${await freePort()},127.0.0.1:${await freePort()}`)).toEqual([
      expect.objectContaining({ check: 'redis', result: 'fail', says: expect.stringContaining('ECONNREFUSED') }),
    ])
  })

  it('[CLUSTER7] says that one node is named as if it were alone, and a start on it is refused', async () => {
    const url = `redis://127.0.0.1:${cluster.primaries[0]?.port}`
    expect(await examine(url)).toContainEqual(expect.objectContaining({ check: 'redis-cluster', result: 'fail' }))
    const alone = await connectRedis(url, 'command', pino({ level: 'silent' }))
    await expect(checkRedis(alone)).rejects.toThrow(/one node of a cluster.*this one twice/s)
    alone.disconnect()
    const twice = await connectRedis(
      `${url},127.0.0.1:${cluster.primaries[0]?.port}`,
      'command',
      pino({ level: 'silent' }),
    )
    expect(await checkRedis(twice)).toBe('always')
    twice.disconnect()
  })
})

/** As an editor's client does: with the same key until it is answered something else than 503. */
async function postUntilTaken(eventId: string, body: string): Promise<void> {
  await vi.waitFor(
    async () => {
      const headers = { 'Idempotency-Key': encodeURIComponent(body) }
      const answer = await call('POST', `/v1/events/${eventId}/updates`, { body: { body }, headers })
      if (answer.status !== 503) expect(answer.status, answer.text).toBe(202)
      expect(answer.status).toBe(202)
    },
    { timeout: 30_000, interval: 100 },
  )
}

const bodiesOf = async (eventId: string) =>
  (await entriesOf(eventId)).flatMap(entry => ('update' in entry ? [entry.update.bodyText] : []))

describe('a primary of the cluster that is killed', () => {
  it('[CLUSTER3] is waited for: whatever was accepted, before, meanwhile and after, is in the feeds once', {
    timeout: 120_000,
  }, async () => {
    const ids = await eventsOnEach('killed')
    const sockets = await Promise.all(ids.map(() => connect()))
    await Promise.all(ids.map((id, i) => sockets[i]?.join(id)))
    const streams = await Promise.all(ids.map(id => stream(id)))
    const posted: string[] = []
    for (const [round, primary] of cluster.primaries.entries()) {
      const post = (when: string) => {
        const bodies = Array.from({ length: 5 }, (_, n) => `Number ${n} ${when} round ${round}.`)
        posted.push(...bodies)
        return Promise.all(ids.flatMap(id => bodies.map(body => postUntilTaken(id, body))))
      }
      await post('before')
      const meanwhile = post('meanwhile, in')
      await primary.kill9()
      await primary.restart()
      await meanwhile
      await cluster.settled()
      await post('after')
    }
    for (const [i, id] of ids.entries()) {
      await vi.waitFor(async () => expect((await bodiesOf(id)).toSorted()).toEqual(posted.toSorted()), 30_000)
      await Promise.all([
        sockets[i]?.reaches(posted.length + 1, 20_000),
        streams[i]?.reaches(posted.length + 1, 20_000),
      ])
      sockets[i]?.expectNoGap()
      streams[i]?.expectNoGap()
    }
    await vi.waitFor(async () => expect((await call('GET', '/readyz', { as: null })).status).toBe(200), 10_000)
  })

  it('[CLUSTER4] is replaced by a replica that lacks its last writes: who is ahead of it begins anew, and queued submissions are accepted anew', {
    timeout: 120_000,
  }, async () => {
    const queuesAt = await cluster.primaryOf(`${keys.queuePrefix}:submissions:wait`)
    const indexAt = await cluster.primaryOf(keys.index)
    const primary = cluster.primaries.find(each => each !== queuesAt && each !== indexAt)
    if (primary === undefined) throw new Error('no primary has only events')
    const eventId = (await eventsOnEach('promoted'))[cluster.primaries.indexOf(primary)] ?? ''

    await publish(eventId, { body: 'The replica has it.' })
    await cluster.addReplica(primary)
    const [socket, events] = [await connect(), await stream(eventId)]
    await socket.join(eventId)
    await cluster.cutOff(primary)
    for (const body of ['Lost one.', 'Lost two.']) await publish(eventId, { body })
    await Promise.all([socket.reaches(4), events.reaches(4)])
    const ahead = events.position ?? null
    const queue = (paused: boolean) => call('PUT', '/v1/ops/queues/submissions', { as: 'ops', body: { paused } })
    expect((await queue(true)).status).toBe(200)
    await postUntilTaken(eventId, 'Waits in the queue.')
    await primary.kill9()
    await cluster.settled()
    expect((await queue(false)).status).toBe(200)

    await vi.waitFor(() => expect(socket.notices).toHaveLength(1), { timeout: 30_000 })
    expect(socket.notices[0]).toMatchObject({ eventId, kind: 'restart' })
    const answer = await socket.join(eventId, ahead)
    expect(answer).toMatchObject({ result: 'restarted', reason: 'ahead-of-feed' })
    await vi.waitFor(
      async () => expect(await bodiesOf(eventId)).toEqual(['The replica has it.', 'Waits in the queue.']),
      {
        timeout: 30_000,
      },
    )
    await postUntilTaken(eventId, 'After it.')
    await Promise.all([socket.reaches(4, 20_000), vi.waitFor(() => expect(events.entries.at(-1)?.seq).toBe(4), 20_000)])
    expect(events.named('restarted').at(-1)).toMatchObject({ reason: expect.stringMatching(/ahead|chain/) })
    events.expectNoGap()
  })
})
