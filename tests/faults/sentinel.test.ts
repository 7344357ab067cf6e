import { afterAll, expect, it, vi } from 'vitest'
import { measureStore } from '../../src/main/cli/doctor/measure-store.ts'
import type { Entry } from '../../src/protocol/entry.ts'
import { callsTo } from '../support/http.ts'
import { startWatchedRedis } from '../support/redis-sentinel.ts'
import { startServer } from '../support/server.ts'
import { viewersOf } from '../support/socket-viewer.ts'
import { streamsOf } from '../support/stream-viewer.ts'

const redis = await startWatchedRedis()
afterAll(() => redis.stop())
const server = await startServer({ env: { REDIS_URL: redis.url } })
afterAll(() => server.stop())
const { call, createEvent, publish } = callsTo(server)
const { connect } = viewersOf(server)
const { stream } = streamsOf(server)

it('[CLUSTER5] a replica that sentinels make the primary is used, and who is ahead of it begins anew', {
  timeout: 90_000,
}, async () => {
  const { id } = await createEvent({ id: 'talks' })
  await publish(id, { body: 'The replica has it.' })
  const [socket, events] = [await connect(), await stream(id)]
  await socket.join(id)
  await redis.cutOff()
  await publish(id, { body: 'Lost one.' })
  await publish(id, { body: 'Lost two.' })
  await Promise.all([socket.reaches(4), events.reaches(4)])
  const ahead = events.position ?? null

  await redis.primary.kill9()
  await redis.replaced()
  await vi.waitFor(() => expect(socket.notices).toHaveLength(1), { timeout: 30_000 })
  expect(socket.notices[0]).toMatchObject({ kind: 'restart', eventId: id, reason: 'ahead-of-feed' })
  expect(await socket.join(id, ahead)).toMatchObject({ result: 'restarted', position: { seq: 2 } })

  const headers = { 'Idempotency-Key': 'after', Prefer: 'wait=10' }
  await vi.waitFor(
    async () => {
      const answer = await call('POST', `/v1/events/${id}/updates`, { body: { body: 'After it.' }, headers })
      expect(answer.status, answer.text).toBe(201)
    },
    { timeout: 20_000, interval: 200 },
  )
  await socket.reaches(3)
  await vi.waitFor(
    () => expect(events.entries.at(-1)).toMatchObject({ seq: 3, update: { bodyText: 'After it.' } }),
    20_000,
  )
  events.expectNoGap()
  const { servers } = await measureStore(redis.url, { writeProbe: server.store.keys.writeProbe, now: Date.now })
  expect(servers).toEqual([
    expect.objectContaining({ isReachable: true, at: redis.replica.url, refusesWrites: undefined }),
  ])
  const { entries } = (await call<{ entries: Entry[] }>('GET', `/v1/events/${id}/entries`)).body
  expect(entries.map(({ seq }) => seq)).toEqual([1, 2, 3])
})

it('[CLUSTER5] a primary whose place is taken while it lives loses nothing', { timeout: 120_000 }, async () => {
  const { id } = await createEvent({ id: 'planned' })
  const [socket, events] = [await connect(), await stream(id)]
  await socket.join(id)
  await publish(id, { body: 'Before.' })
  await redis.changeBack()
  const headers = { 'Idempotency-Key': 'during', Prefer: 'wait=10' }
  await vi.waitFor(
    async () => {
      const answer = await call('POST', `/v1/events/${id}/updates`, { body: { body: 'After.' }, headers })
      expect(answer.status, answer.text).toBe(201)
    },
    { timeout: 20_000, interval: 200 },
  )
  await Promise.all([socket.reaches(3), events.reaches(3)])
  expect(socket.notices).toEqual([])
  socket.expectNoGap()
  events.expectNoGap()
})
