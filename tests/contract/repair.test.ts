import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { callsTo } from '../support/http.ts'
import { startServer, type TestServer } from '../support/server.ts'
import { SocketViewer } from '../support/socket-viewer.ts'

let server: TestServer
let call: ReturnType<typeof callsTo>['call']

beforeAll(async () => {
  server = await startServer()
  call = callsTo(server).call
  await call('POST', '/v1/events', { body: { id: 'talks', headline: 'Talks' } })
  for (let n = 2; n <= 6; n++) {
    const headers = { Prefer: 'wait=10' }
    await call('POST', '/v1/events/talks/updates', { body: { body: `Update ${n}.` }, headers })
  }
})
afterAll(() => server.stop())

describe('a rebroadcast', () => {
  it('[REPAIR1] sends the entries again to all in the live room, changes nothing, and stands in the audit trail', async () => {
    const viewer = await new SocketViewer(server).connected()
    await viewer.join('talks')
    const before = (await call('GET', '/v1/events/talks/entries')).text
    const headers = { 'X-Request-Id': 'again-1' }
    const answer = await call('POST', '/v1/events/talks/rebroadcast', { as: 'ops', body: { from: 4 }, headers })
    expect(answer).toMatchObject({ status: 202, body: { from: 4, to: 6 } })
    const seqs = () => viewer.seen.flatMap(each => (each.what === 'entry' ? [each.entry.seq] : []))
    await vi.waitFor(() => expect(seqs()).toEqual([4, 5, 6]))
    expect((await call('GET', '/v1/events/talks/entries')).text).toBe(before)
    viewer.socket.close()

    const { body } = await call<{ entries: object[] }>('GET', '/v1/events/talks/audit', { as: 'ops' })
    expect(body.entries[0]).toMatchObject({
      ...{ action: 'rebroadcast', requestId: 'again-1', detail: { from: 4, to: 6 } },
      by: { sub: 'olga', name: 'Olga Ops' },
    })
  })

  it.each([
    [{}, '#/from'],
    [{ from: 0 }, '#/from'],
    [{ from: 7 }, '#/from'],
    [{ from: '4' }, '#/from'],
    [{ from: 4, to: 5 }, '#/to'],
  ])('[REPAIR2] is refused with %j', async (body, pointer) => {
    const answer = await call<{ errors: { pointer: string }[] }>('POST', '/v1/events/talks/rebroadcast', {
      as: 'ops',
      body,
    })
    expect(answer.status).toBe(400)
    expect(answer.body.errors[0]?.pointer).toBe(pointer)
  })

  it('[REPAIR2] and the trail are for ops', async () => {
    for (const [method, path] of [
      ['POST', 'rebroadcast'],
      ['GET', 'audit'],
    ] as const) {
      const answer = await call(method, `/v1/events/talks/${path}`, {
        ...(method === 'POST' ? { body: { from: 1 } } : {}),
      })
      expect(answer.status).toBe(403)
    }
    expect((await call('POST', '/v1/events/nowhere/rebroadcast', { as: 'ops', body: { from: 1 } })).status).toBe(404)
  })

  it('[REPAIR3] The trail is read in pages, newest first', async () => {
    for (let i = 0; i < 4; i++) await call('POST', '/v1/events/talks/rebroadcast', { as: 'ops', body: { from: 6 } })
    const all = (await call<{ entries: { id: string }[] }>('GET', '/v1/events/talks/audit', { as: 'ops' })).body.entries
    const paged: { id: string }[] = []
    for (let before = '', complete = false; !complete; ) {
      const page = await call<{ entries: { id: string }[]; complete: boolean }>(
        'GET',
        `/v1/events/talks/audit?limit=2${before}`,
        { as: 'ops' },
      )
      paged.push(...page.body.entries)
      before = `&before=${paged.at(-1)?.id}`
      complete = page.body.complete
    }
    expect(paged).toEqual(all)
    expect((await call('GET', '/v1/events/talks/audit?before=x', { as: 'ops' })).status).toBe(400)
  })
})
