import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { type Browser, expect, type Page, test } from '@playwright/test'
import type { EntryPage } from '../../src/protocol/snapshot.ts'
import { type DatelineProcess, freePort, startDateline } from '../support/dateline-process.ts'
import { type House, startHouse } from '../support/house.ts'

const fileOf = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const PLAY = fileOf('../../dist/src/main/play.js')
const SAMPLE = fileOf('../../samples/lindhaven-summit.ndjson')
const EVENT = 'briefing'

/** Other people work on the machine too. */
const SOON = { timeout: 20_000 }

/** Two apis, each of whose pages go to a gateway of their own; one worker, and a second one to come. */
async function openHouse(): Promise<{ house: House; apis: DatelineProcess[]; close(): Promise<void> }> {
  const ports = [await freePort(), await freePort()].map(String)
  const env = { PUBLIC_ORIGINS: ports.map(port => `http://127.0.0.1:${port}`).join(',') }
  const house = await startHouse({ apis: 0, gateways: 2, workers: 1, env })
  const apis = await Promise.all(
    ports.map((PORT, n) =>
      startDateline({ part: 'api', env: { ...house.env, PORT, GATEWAY_URL: house.urls('gateway')[n] ?? '' } }),
    ),
  )
  return {
    house,
    apis,
    async close() {
      await Promise.all(apis.map(api => api.stop()))
      await house.close()
    },
  }
}

async function playSample(house: House, url: string): Promise<void> {
  const token = await house.token('editor')
  const places = ['--url', url, '--gateway', house.urls('gateway')[0] ?? '', '--token', token]
  await promisify(execFile)(process.execPath, [PLAY, SAMPLE, '--event', EVENT, '--speed', '3000', ...places])
}

async function openConsole(browser: Browser, url: string, token: string): Promise<Page> {
  const page = await browser.newPage()
  await page.goto(`${url}/ops#token=${token}&event=${EVENT}`)
  await expect(page.getByRole('heading', { name: 'Replays' })).toBeVisible(SOON)
  return page
}

const replaysOf = (page: Page) => page.getByRole('region', { name: 'Replays' })
const numbersOf = (page: Page) =>
  page.locator('.rehearsal-rows li').evaluateAll(rows => rows.map(row => Number(row.getAttribute('value'))))
const upTo = (last: number) => Array.from({ length: last }, (_, i) => i + 1)

test('[CONSOLE5] [P8] a briefing is rehearsed from the console for viewers on two gateways, paused, sought back, resumed, its worker killed', async ({
  browser,
  viewport,
}) => {
  test.skip((viewport?.width ?? 0) < 500, 'The processes are the same for a phone.')
  test.setTimeout(180_000)
  const { house, apis, close } = await openHouse()
  try {
    const [url = '', otherUrl = ''] = apis.map(api => api.url)
    await playSample(house, url)
    const entries = (await (await fetch(`${url}/v1/events/${EVENT}/entries?limit=1000`)).json()) as EntryPage
    const end = entries.entries.length
    expect(end).toBeGreaterThan(30)

    const live = await browser.newPage()
    const sent: string[] = []
    live.on('websocket', socket => socket.on('framereceived', ({ payload }) => sent.push(String(payload))))
    await live.goto(`${url}/events/${EVENT}`)
    await expect(live.locator('.status').first()).toHaveText('Live', SOON)
    const shown = await live.locator('.timeline .update-body').allTextContents()

    const token = await house.token('editor', 'ops')
    const steering = await openConsole(browser, url, token)
    const looking = await openConsole(browser, otherUrl, token)
    const pages = [steering, looking]
    const replays = replaysOf(steering)
    const form = replays.getByRole('form', { name: 'New replay' })
    await form.getByLabel('Speed').selectOption('step')
    await form.getByRole('button').click()
    for (const page of pages) {
      await replaysOf(page).getByRole('button', { name: 'Watch here' }).click(SOON)
      await expect(replaysOf(page).getByText('Connected.')).toBeVisible(SOON)
    }

    await replays.getByLabel('Speed').first().selectOption('0.5')
    await expect.poll(() => numbersOf(steering).then(seen => seen.length), SOON).toBeGreaterThan(8)
    await replays.getByRole('button', { name: 'Pause' }).click()
    await expect(replays.getByText(/ left, paused\.$/)).toBeVisible(SOON)
    const paused = await steering.getByRole('progressbar').evaluate(bar => (bar as HTMLProgressElement).value)
    for (const page of pages) await expect.poll(() => numbersOf(page), SOON).toEqual(upTo(paused))

    await replays.getByLabel('Go to entry').fill('5')
    await replays.getByRole('button', { name: 'Go', exact: true }).click()
    for (const page of pages) {
      await expect(replaysOf(page).getByText('Lap 2.')).toBeVisible(SOON)
      await expect.poll(() => numbersOf(page), SOON).toEqual(upTo(4))
    }

    await replays.getByRole('button', { name: 'Resume' }).click()
    await expect.poll(() => numbersOf(looking).then(seen => seen.length), SOON).toBeGreaterThan(8)
    await house.start('worker', 1)
    await house.kill9('worker', 0)
    const atKill = (await numbersOf(looking)).length
    expect(atKill).toBeLessThan(end)
    await expect.poll(() => numbersOf(looking).then(seen => seen.length), SOON).toBeGreaterThan(atKill)
    await replays.getByLabel('Speed').first().selectOption('max')

    for (const page of pages) {
      await expect(replaysOf(page).getByText(`${end} of ${end} sent: it has ended.`)).toBeVisible(SOON)
      expect(await numbersOf(page)).toEqual(upTo(end))
    }
    expect(await live.locator('.timeline .update-body').allTextContents()).toEqual(shown)
    expect(sent.filter(frame => frame.includes('"entry"'))).toEqual([])

    const opened = steering.context().waitForEvent('page')
    await replays.getByRole('button', { name: 'Open the rehearsal page' }).click()
    const rehearsal = await opened
    await expect(rehearsal.getByText('This is a replay. Readers see nothing of it.')).toBeVisible(SOON)
    expect(rehearsal.url()).not.toContain('token')
  } finally {
    await Promise.all(browser.contexts().map(context => context.close()))
    await close()
  }
})
