import { afterAll, describe, expect, it, vi } from 'vitest'
import type { Event } from '../../src/protocol/event.ts'
import { callsTo } from '../support/http.ts'
import { startServer } from '../support/server.ts'
import { expectRefused, viewersOf } from '../support/socket-viewer.ts'

const server = await startServer()
const { change, createEvent, publish } = callsTo(server)
const { connect } = viewersOf(server)
afterAll(() => server.stop())

/** An open socket is given nothing more at the latest this long after its token has lost its right. */
const RIGHTS_MS = 5_000
const soon = { timeout: RIGHTS_MS }

describe('a private event', () => {
  it('[SOCKET12] looks like no event to who has no token for it', async () => {
    await createEvent({ id: 'secret', visibility: 'private' })
    const expected = { detail: 'There is no event secret.' }
    expectRefused(await (await connect()).join('secret'), 'event-not-found', expected)
    expectRefused(await (await connect({ as: 'elsewhere' })).join('secret'), 'event-not-found', expected)
    for (const as of ['editor', 'contributor', 'ops'] as const) {
      const viewer = await connect({ as })
      expect((await viewer.join('secret')).result).toBe('restarted')
      await publish('secret')
      await viewer.reaches(viewer.reached)
    }
  })

  it('[SOCKET12] is given after a refresh with a token that reaches it', async () => {
    const viewer = await connect()
    await createEvent({ id: 'opened', visibility: 'private' })
    expectRefused(await viewer.join('opened'), 'event-not-found')
    expect(await viewer.ask('refresh', { token: server.tokens.contributor })).toEqual({ result: 'done' })
    expect((await viewer.join('opened')).result).toBe('restarted')
    await publish('opened')
    await viewer.reaches(2)
    viewer.expectNoGap()
  })

  it('[SOCKET12] stays with who refreshes with a token that does not hold', async () => {
    await createEvent({ id: 'kept', visibility: 'private' })
    const viewer = await connect({ as: 'editor' })
    await viewer.join('kept')
    for (const token of ['rubbish', 'a.b.c', await server.sign({}, '-1m')]) {
      expectRefused(await viewer.ask('refresh', { token }), 'token-needed', {
        detail: 'The bearer token is malformed, forged or expired.',
      })
    }
    await publish('kept')
    await viewer.reaches(2)
    viewer.expectNoGap()
  })

  it('[P7] is taken at once from viewers without a token when it was public before', async () => {
    await createEvent({ id: 'turned' })
    const [reader, editor] = [await connect(), await connect({ as: 'editor' })]
    await reader.join('turned')
    await editor.join('turned')
    await change<Event>('PATCH', '/v1/events/turned', 1, { visibility: 'private' })
    await publish('turned', { body: 'For us only.' })
    await editor.reaches(3)
    await vi.waitFor(() => expect(reader.notices).toHaveLength(1))
    expect(reader.notices).toEqual([{ kind: 'restart', eventId: 'turned', reason: 'epoch-changed' }])
    expectRefused(await reader.join('turned'), 'event-not-found', { detail: 'There is no event turned.' })
    expect(reader.entries).toEqual([])
    editor.expectNoGap()

    await change<Event>('PATCH', '/v1/events/turned', 2, { visibility: 'public' })
    expect((await reader.join('turned')).result).toBe('restarted')
  })

  it('[P7] is taken within 5 s from a viewer whose token has run out', { timeout: 20_000 }, async () => {
    await createEvent({ id: 'expiring', visibility: 'private' })
    const [viewer, editor] = [
      await connect({ as: { token: await server.sign({ roles: ['contributor'] }, '2s') } }),
      await connect({ as: 'editor' }),
    ]
    await viewer.join('expiring')
    await editor.join('expiring')
    await publish('expiring')
    await viewer.reaches(2)
    await vi.waitFor(() => expect(viewer.notices).toEqual([{ kind: 'token-expired' }]), { timeout: RIGHTS_MS + 2_000 })
    await publish('expiring')
    await editor.reaches(3)
    expectRefused(await viewer.join('expiring', null), 'token-needed')
    expect(viewer.entries.map(({ seq }) => seq)).toEqual([2])
    await viewer.ask('refresh', { token: server.tokens.contributor })
    expect((await viewer.join('expiring')).result).toBe('restarted')
  })

  it('[P7] is taken within 5 s from a viewer whose new token does not reach it', { timeout: 20_000 }, async () => {
    await createEvent({ id: 'demoted', visibility: 'private' })
    const [viewer, editor] = [await connect({ as: 'contributor' }), await connect({ as: 'editor' })]
    await viewer.join('demoted')
    await editor.join('demoted')
    await viewer.ask('refresh', { token: server.tokens.elsewhere })
    const notice = { kind: 'restart', eventId: 'demoted', reason: 'epoch-changed' }
    await vi.waitFor(() => expect(viewer.notices).toEqual([notice]), soon)
    await publish('demoted')
    await editor.reaches(2)
    expectRefused(await viewer.join('demoted'), 'event-not-found')
    expect(viewer.entries).toEqual([])
  })
})
