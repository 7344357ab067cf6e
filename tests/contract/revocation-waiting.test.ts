import { afterAll, expect, it, vi } from 'vitest'
import { callsTo, expectProblem } from '../support/http.ts'
import { startServer } from '../support/server.ts'

const server = await startServer({ worker: false })
const { call, createEvent } = callsTo(server)
afterAll(() => server.stop())

it('[REVOKE7] who waits for the end of a submission is told nothing more of it', async () => {
  await createEvent({ id: 'waiting', visibility: 'private' })
  const as = { token: await server.sign({ sub: 'anna' }, '1h') }
  const updates = '/v1/events/waiting/updates'
  const headers = { Prefer: 'wait=25' }
  const published = call('POST', updates, { as, headers, body: { body: 'One.' } })
  await vi.waitFor(async () => expect((await call('GET', '/v1/events/waiting/submissions/2')).status).toBe(200))
  const asked = call('GET', '/v1/events/waiting/submissions/2?wait=25', { as })
  const others = call('GET', '/v1/events/waiting/submissions/2?wait=25')
  await call('GET', '/v1/events/waiting') // both were asked before, and wait by now

  const revoked = await call('POST', '/v1/ops/revocations', { as: 'ops', body: { sub: 'anna', reason: 'Has left.' } })
  expect(revoked.status).toBe(201)
  await server.startWorker()
  expectProblem(await asked, 'token-needed', { detail: 'The bearer token was revoked.' })
  // It was accepted before: that holds, and is all that is told.
  expect(await published).toMatchObject({ status: 202, body: { acceptNumber: 2, state: 'accepted' } })
  expect(await others).toMatchObject({ status: 200, body: { state: 'published' } })
})
