import { type HostileNetwork, startHostileNetwork } from '../support/hostile-network.ts'
import { test as base, expect, expectAccessible, postAll, texts } from './server.ts'

/** A network between the reader and Dateline. */
const test = base.extend<{ network: HostileNetwork }>({
  network: async ({ server }, use) => {
    const network = await startHostileNetwork(server.url)
    await use(network)
    await network.stop()
  },
})

test('[FALL10] a page is live where no websocket gets through', async ({ page, server, eventId, network }) => {
  network.treat = { websocket: 'refuse' }
  await page.goto(`${network.url}/events/${eventId}`)
  await expect(page.locator('.status')).toHaveText('Live', { timeout: 15_000 })
  await postAll(server, eventId, ['One.', 'Two.'])
  await expect(texts(page)).toHaveText(['Two.', 'One.'])
  expect(network.begun.stream).toBeGreaterThan(0)
})

test('[FALL10] a page says that it is live by polling, where no event stream gets through either', async ({
  page,
  server,
  eventId,
  network,
}) => {
  test.setTimeout(60_000)
  network.treat = { websocket: 'refuse', stream: 'hold' }
  await page.goto(`${network.url}/events/${eventId}`)
  await expect(page.locator('.status')).toHaveText('Live, by polling', { timeout: 30_000 })
  await expect(page.getByText('Live, by polling: updates may come a few seconds late.')).toHaveRole('status')
  await postAll(server, eventId, ['One.', 'Two.', 'Three.'])
  await expect(texts(page)).toHaveText(['Three.', 'Two.', 'One.'])
  await expectAccessible(page)
})
