import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { createClient } from '../../src/client/client.ts'
import type { DatelineClient } from '../../src/client/types.ts'
import { type House, startHouse } from '../support/house.ts'

const VIEWERS = 60
const PER_SECOND = 10
const AT_ONCE = 2 * PER_SECOND

let house: House
const clients: DatelineClient[] = []

beforeAll(async () => {
  house = await startHouse({
    apis: 2,
    workers: 1,
    env: { LIMIT_SOCKETS_PER_S: String(PER_SECOND), LIMIT_POSTS_PER_S: '1', LIMIT_POSTS_AT_ONCE: '20' },
  })
}, 60_000)
afterAll(async () => {
  for (const client of clients) client.close()
  await house.close()
})

const post = async (api: string | undefined, path: string, body: object, token: string) =>
  await fetch(`${api}${path}`, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` },
  })

describe('limits of several processes', () => {
  it('[LIMIT3] count what an editor sends to any api, and refuse nobody while Redis is away', async () => {
    const token = await house.token('editor')
    const apis = house.urls('api')
    expect((await post(apis[0], '/v1/events', { id: 'talks', headline: 'Talks' }, token)).status).toBe(201)
    const send = (n: number) => post(apis[n % 2], '/v1/events/talks/updates', { body: `Line ${n}` }, token)
    const began = performance.now()
    const statuses = (await Promise.all(Array.from({ length: 60 }, (_, n) => send(n)))).map(({ status }) => status)
    const cameBack = Math.ceil((performance.now() - began) / 1_000)
    const accepted = statuses.filter(status => status === 202).length
    expect(accepted).toBeGreaterThanOrEqual(19)
    expect(accepted).toBeLessThanOrEqual(19 + cameBack + 1)
    expect(new Set(statuses)).toEqual(new Set([202, 429]))

    await house.redis.kill9()
    const away = await send(0)
    expect(away.status, 'not 429: nobody is refused for that').toBe(503)
    await house.redis.restart()
    await vi.waitFor(async () => expect((await send(1)).status).toBe(202), { timeout: 30_000, interval: 200 })
  }, 90_000)

  it('[LIMIT6] [LIMIT7] let a crowd come back as fast as it can be served, each viewer at its time', async () => {
    const [url] = house.urls('gateway')
    if (url === undefined) throw new Error('no gateway')
    const watches = Array.from({ length: VIEWERS }, () => {
      const client = createClient({ url })
      clients.push(client)
      return client.watch('talks', { onChange() {} })
    })
    const areLive = () => watches.filter(({ state }) => state.name === 'live').length
    await vi.waitFor(() => expect(areLive()).toBe(VIEWERS), { timeout: 60_000, interval: 50 })

    await house.kill9('gateway', 0)
    await vi.waitFor(() => expect(areLive()).toBe(0), { timeout: 30_000 })
    const began = performance.now() // before it lets anybody in
    await house.start('gateway', 0)
    await vi.waitFor(() => expect(areLive()).toBeGreaterThan(0), { timeout: 60_000, interval: 20 })
    const first = performance.now()
    while (areLive() < VIEWERS && performance.now() - first < 60_000) {
      const seconds = (performance.now() - began) / 1_000 + 1
      expect(areLive()).toBeLessThanOrEqual(AT_ONCE + PER_SECOND * seconds + 1)
      await pause(50)
    }
    expect(areLive()).toBe(VIEWERS)
    const refused = await limited(url, await house.token('ops'))
    // Who obeys is told once, or now and then twice, when others came at its time.
    expect(refused).toBeLessThanOrEqual(2 * VIEWERS)
  }, 180_000)
})

/** How many newcomers a gateway has told to come back. */
async function limited(url: string, token: string): Promise<number> {
  const answer = await fetch(`${url}/metrics`, { headers: { Authorization: `Bearer ${token}` } })
  return Number(/^dateline_limited_total\{limit="sockets"\} (\d+)$/m.exec(await answer.text())?.[1])
}
