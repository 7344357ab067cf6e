import { afterAll, afterEach, describe, expect, it, vi } from 'vitest'
import { createClient } from '../../src/client/client.ts'
import type { DatelineClient } from '../../src/client/types.ts'
import { anUpdate, FeedModel } from '../spec/client/feed-model.ts'
import { callsTo } from '../support/http.ts'
import { startServer } from '../support/server.ts'
import { ScriptedGateway } from './client-gateway.ts'

const settled = { timeout: 10_000, interval: 10 }
const server = await startServer()
const { change, createEvent, publish } = callsTo(server)
const clients: DatelineClient[] = []

afterEach(() => {
  for (const client of clients.splice(0)) client.close()
})
afterAll(() => server.stop())

function aClient(): DatelineClient {
  const client = createClient({ url: server.url }, { random: () => 0.05 })
  clients.push(client)
  return client
}

describe('a watch', () => {
  it('[PROOF6] has checked every entry that came since its snapshot', async () => {
    await createEvent({ id: 'talks' })
    await publish('talks', { body: 'Before the watch.' })
    const watched = aClient().watch('talks', { onChange: () => undefined })
    expect(watched.verified).toBeUndefined()
    await vi.waitFor(() => expect(watched.verified).toEqual({ state: 'linked', from: 3, to: 2 }), settled)
    const odd = await publish('talks', { body: '“Ünïcödé” \u2028 & <b>🎉</b> \\ "quoted"', isKeyEvent: true })
    await change('PATCH', `/v1/events/talks/updates/${odd.id}`, 1, { body: 'Mended.', correction: 'It was odd.' })
    await change('DELETE', `/v1/events/talks/updates/${odd.id}`, 2, { reason: 'Posted twice.' })
    await change('PATCH', '/v1/events/talks', 1, { status: 'ended' })
    await vi.waitFor(() => expect(watched.view?.position.seq).toBe(6), settled)
    expect(watched.verified).toEqual({ state: 'linked', from: 3, to: 6 })
  })

  it('[PROOF6] goes on checking from the view that a page came with, through what it missed', async () => {
    await createEvent({ id: 'page' })
    const client = aClient()
    const from = await client.feed('page')
    for (let n = 1; n <= 3; n++) await publish('page')
    const watched = client.watch('page', { from, onChange: () => undefined })
    await vi.waitFor(() => expect(watched.verified).toEqual({ state: 'linked', from: 2, to: 4 }), settled)
  })

  it('[PROOF6] shows an entry that does not link all the same, and says so', async () => {
    const gateway = await ScriptedGateway.start(new FeedModel()) // its chains are made up
    const client = createClient({ url: gateway.url }, { random: () => 0.01 })
    const watched = client.watch('harbour-opening', { onChange: () => undefined })
    await vi.waitFor(() => expect(watched.verified).toEqual({ state: 'linked', from: 2, to: 1 }), settled)
    for (const n of [2, 3]) gateway.deliver(gateway.feed.append({ type: 'published', update: anUpdate(n) }))
    await vi.waitFor(() => expect(watched.view?.position.seq).toBe(3), settled)
    expect(watched.verified).toEqual({ state: 'broken', seq: 2 })
    client.close()
    await vi.waitFor(() => expect(gateway.sockets).toBe(0), settled)
    await gateway.stop()
  })

  it('[PROOF6] and its client asks the server for the proof of all of it', async () => {
    await createEvent({ id: 'proved' })
    await publish('proved')
    const client = aClient()
    expect(await client.proof('proved')).toMatchObject({ complete: true, from: 1, to: 2 })
    expect(await client.proof('proved', { after: 1 })).toMatchObject({ complete: true, from: 2, to: 2 })
    await expect(client.proof('nowhere')).rejects.toMatchObject({ problem: { status: 404 } })
  })
})
