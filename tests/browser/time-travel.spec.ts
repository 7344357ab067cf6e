import type { Page } from '@playwright/test'
import type { Replay } from '../../src/protocol/replay.ts'
import { NOON } from '../support/build.ts'
import { anArchive, linked, packed, sealed } from '../support/build-archive.ts'
import { expect, expectAccessible, openViewer, postAll, type Server, test, texts } from './server.ts'

const MINUTE_MS = 60_000

/** An event of `updates` updates whose entries were committed a minute apart, from a minute after noon (UTC) on. */
async function anHourAgo(server: Server, eventId: string, updates: number): Promise<void> {
  const archive = anArchive(updates, eventId)
  const apart = archive.entries.map((line, index) => {
    const at = new Date(NOON.getTime() + (index + 1) * MINUTE_MS).toISOString()
    return line.replace(/"at":"[^"]*"/, `"at":"${at}"`)
  })
  const file = packed(sealed({ ...archive, entries: linked(apart) }))
  const headers = { Authorization: `Bearer ${server.tokenOf('ops')}`, 'Content-Type': 'application/gzip' }
  const answer = await fetch(`${server.url}/v1/archives`, { method: 'POST', headers, body: new Uint8Array(file) })
  expect(answer.status).toBe(201)
}

const headlines = (page: Page) => page.locator('.timeline .update-headline')
const player = (page: Page) => page.getByRole('region', { name: 'As it happened' })
const moment = (page: Page) => player(page).getByRole('slider', { name: 'Moment' })
const status = (page: Page) => page.locator('.status')

async function openPast(page: Page, server: Server, eventId: string): Promise<void> {
  await openViewer(page, server, eventId)
  await page.getByRole('link', { name: 'As it happened' }).click()
  await expect(moment(page)).toBeEnabled()
  await expect(headlines(page)).toHaveText(['Update 2'])
}

/** Chooses a time of 24 November 2026, in UTC, as a hand on the thumb would. */
async function choose(page: Page, time: string): Promise<void> {
  await moment(page).fill(String(Date.parse(`2026-11-24T${time}:00Z`)))
}

let events = 0
const freshId = () => `night-${Date.now()}-${events++}`

test('[TRAVEL7] a reader sees the event as it was at any minute, and is told that it is not live', async ({
  page,
  server,
}) => {
  const eventId = freshId()
  await anHourAgo(server, eventId, 40)
  await openPast(page, server, eventId)
  await expect(status(page)).toHaveText('Not live')
  await choose(page, '12:10')
  await expect(headlines(page).first()).toHaveText('Update 10')
  await expect(headlines(page)).toHaveCount(9)
  await expect(page.locator('.mode-banner')).toContainText('Not live. This is how it stood on November 24, 2026')
  await expect(page).toHaveURL(/\?at=2026-11-24T12%3A10%3A00\.000Z$/)
  await page.getByRole('link', { name: 'Next change' }).click()
  await expect(headlines(page).first()).toHaveText('Update 11')
  await page.getByRole('link', { name: 'One change back' }).click()
  await expect(headlines(page).first()).toHaveText('Update 10')
  await player(page).getByRole('button', { name: 'Back to live' }).click()
  await expect(status(page)).toHaveText('Live')
  await expect(player(page)).toHaveCount(0)
  await expect(headlines(page)).toHaveCount(40)
  await expect(page).toHaveURL(`${server.url}/events/${eventId}`)
})

test('[TRAVEL7] revised and retracted updates are shown as they were then', async ({ page, server, eventId }) => {
  const { client } = server
  const publish = async (body: string) => {
    const written = await client.publish(eventId, { body }, { waitSeconds: 5 })
    if (written.state !== 'done') throw new Error('not published in time')
    return written.update.id
  }
  const first = await publish('They meet at noon.')
  const second = await publish('They do not meet.')
  await client.revise(eventId, first, 1, { body: 'They meet at one.' }, { waitSeconds: 5 })
  await client.retract(eventId, second, 1, 'Wrong.', { waitSeconds: 5 })
  await page.goto(`${server.url}/events/${eventId}?at=3`)
  await expect(texts(page)).toHaveText(['They do not meet.', 'They meet at noon.'])
  await expect(moment(page)).toBeEnabled()
  await page.getByRole('link', { name: 'Next change' }).click()
  await expect(texts(page)).toHaveText(['They do not meet.', 'They meet at one.'])
  await page.getByRole('link', { name: 'Next change' }).click()
  await expect(texts(page)).toHaveText(['They meet at one.'])
  await expect(page.locator('.retraction')).toContainText('Wrong.')
})

test('[TRAVEL8] it plays on from there at the speed that is chosen, and goes live at its end', async ({
  page,
  server,
}) => {
  const eventId = freshId()
  await anHourAgo(server, eventId, 6)
  await openPast(page, server, eventId)
  await player(page).getByLabel('Speed').selectOption('60×')
  const play = player(page).getByRole('button', { name: 'Play' })
  await play.click()
  await expect(headlines(page).first()).toHaveText('Update 3')
  await player(page).getByRole('button', { name: 'Pause' }).click()
  await expect(play).toBeVisible()
  const shown = await headlines(page).count()
  await postAll(server, eventId, ['Live words.'])
  await expect(player(page).getByText('1 new since')).toBeVisible()
  await expect(headlines(page)).toHaveCount(shown)
  await play.click()
  await expect(status(page)).toHaveText('Live', { timeout: 20_000 })
  await expect(page.locator('.timeline article')).toHaveCount(7)
  await expect(texts(page).first()).toHaveText('Live words.')
})

test('[TRAVEL9] a link to a moment is read without script, step by step, and not found by search engines', async ({
  browser,
  server,
}) => {
  const eventId = freshId()
  await anHourAgo(server, eventId, 60)
  const context = await browser.newContext({ javaScriptEnabled: false })
  const page = await context.newPage()
  await page.goto(`${server.url}/events/${eventId}?at=2026-11-24T12:55:30Z`)
  await expect(headlines(page)).toHaveCount(50)
  await expect(headlines(page).first()).toHaveText('Update 55')
  await expect(page.locator('meta[name="robots"]')).toHaveAttribute('content', 'noindex')
  await expect(page.locator('link[rel="canonical"]')).toHaveAttribute('href', `/events/${eventId}`)
  await page.getByRole('link', { name: 'Older updates' }).click()
  await expect(headlines(page)).toHaveText(['Update 5', 'Update 4', 'Update 3', 'Update 2'])
  await expect(status(page)).toHaveText('Not live')
  await page.getByRole('link', { name: 'Go to the top' }).click()
  await page.getByRole('link', { name: 'Next change' }).click()
  await expect(headlines(page).first()).toHaveText('Update 56')
  await page.getByRole('link', { name: 'Go to live' }).click()
  await expect(headlines(page).first()).toHaveText('Update 61')
  await page.goto(`${server.url}/events/${eventId}?at=yesterday`)
  await expect(page.getByRole('heading', { name: 'The request is not valid' })).toBeVisible()
  await context.close()
})

test('[TRAVEL9] with script, it counts what is new and leads back to live', async ({ page, server, eventId }) => {
  await postAll(server, eventId, ['One.', 'Two.'])
  await page.goto(`${server.url}/events/${eventId}?at=2`)
  await expect(texts(page)).toHaveText(['One.'])
  await expect(moment(page)).toBeEnabled()
  await postAll(server, eventId, ['Three.', 'Four.'])
  await expect(player(page).getByText('2 new since')).toBeVisible()
  await expect(texts(page)).toHaveText(['One.'])
  await player(page).getByRole('button', { name: 'Back to live' }).click()
  await expect(texts(page)).toHaveText(['Four.', 'Three.', 'Two.', 'One.'])
  await postAll(server, eventId, ['Five.'])
  await expect(texts(page).first()).toHaveText('Five.')
})

test('[TRAVEL10] who comes back is told what was missed, and led to it or through it', async ({
  page,
  server,
  eventId,
}) => {
  const away = page.getByRole('complementary', { name: 'While you were away' })
  await postAll(server, eventId, ['Seen.'])
  await openViewer(page, server, eventId)
  await expect(away.getByRole('button')).toHaveCount(0)
  await page.goto('about:blank')
  for (let n = 1; n <= 12; n++) {
    await server.client.publish(eventId, { body: `Missed ${n}.`, isKeyEvent: n <= 3 }, { waitSeconds: 5 })
  }
  await openViewer(page, server, eventId)
  await expect(away.getByRole('status')).toHaveText('While you were away: 3 key, 9 others')
  await away.getByRole('button', { name: 'Go to the first' }).click()
  await expect(texts(page).filter({ hasText: 'Missed 1.' })).toBeInViewport()
  await expect(away.getByRole('status')).toHaveText('')

  await page.goto('about:blank')
  await postAll(server, eventId, ['Later.'])
  await openViewer(page, server, eventId)
  await expect(away.getByRole('status')).toHaveText('While you were away: 1 update')
  await away.getByRole('button', { name: 'Dismiss' }).click()
  await expect(away.getByRole('status')).toHaveText('')
  await page.reload()
  await expect(status(page)).toHaveText('Live')
  await expect(away.getByRole('status')).toHaveText('')

  await page.goto('about:blank')
  await postAll(server, eventId, ['Last.'])
  await openViewer(page, server, eventId)
  await away.getByRole('button', { name: 'Catch up' }).click()
  await expect(texts(page).first()).toHaveText('Last.', { timeout: 15_000 })
  await expect(status(page)).toHaveText('Live', { timeout: 15_000 })
})

test('[TRAVEL11] a rehearsal is shown as what it is, to those who may see it', async ({ page, server }) => {
  const eventId = freshId()
  await anHourAgo(server, eventId, 4)
  const replays = `${server.url}/v1/events/${eventId}/replays`
  const headers = { Authorization: `Bearer ${server.tokenOf('ops')}`, 'Content-Type': 'application/json' }
  const ask = async (path: string, method: string, body: object) => {
    const answer = await fetch(replays + path, { method, headers, body: JSON.stringify(body) })
    return (await answer.json()) as Replay
  }
  const { id } = await ask('', 'POST', { speed: 'step' })
  await page.goto(`${server.url}/events/${eventId}?replay=${id}`)
  await expect(page.getByText('The room does not let you in')).toBeVisible()
  await expectAccessible(page)
  await page.getByLabel('Token of an editor or of ops').fill('nonsense')
  await page.getByRole('button', { name: 'Join the rehearsal' }).click()
  await expect(page.getByText('This is not a token.')).toBeVisible()

  await page.goto('about:blank')
  await page.goto(`${server.url}/events/${eventId}?replay=${id}#token=${server.tokenOf('ops')}`)
  await expect(page.locator('.mode-banner')).toHaveText(/^Rehearsal\./)
  await expect(status(page)).toHaveText('Rehearsal')
  expect(page.url()).not.toContain('token')
  for (const step of [1, 2, 3]) await ask(`/${id}`, 'PATCH', { step: true }).then(({ seq }) => expect(seq).toBe(step))
  await expect(headlines(page)).toHaveText(['Update 3', 'Update 2'])
  await expectAccessible(page)
  await ask(`/${id}`, 'PATCH', { seq: 3 })
  await expect(headlines(page)).toHaveText(['Update 2'])
})

test('[TRAVEL12] the moment is chosen by keyboard, and told in words by both clocks', async ({ browser, server }) => {
  const eventId = freshId()
  await anHourAgo(server, eventId, 40)
  const page = await browser.newPage({ timezoneId: 'Asia/Tokyo' })
  await openPast(page, server, eventId)
  await expect(player(page).getByRole('button', { name: 'Play' })).toBeFocused()
  await page.keyboard.press('Tab')
  await expect(moment(page)).toBeFocused()
  await expect(moment(page)).toHaveAttribute('aria-valuetext', '21:02, 12:02 in UTC')
  for (let press = 0; press < 3; press++) await page.keyboard.press('ArrowRight')
  await expect(moment(page)).toHaveAttribute('aria-valuetext', '21:05, 12:05 in UTC')
  await expect(headlines(page).first()).toHaveText('Update 5')
  await page.keyboard.press('End')
  await expect(headlines(page).first()).toHaveText('Update 41')
  await page.keyboard.press('Home')
  await expect(headlines(page)).toHaveText(['Update 2'])
  await player(page).getByRole('button', { name: 'Back to live' }).focus()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: 'Updates' })).toBeFocused()
  await page.close()
})

for (const colorScheme of ['light', 'dark'] as const) {
  test(`[TRAVEL12] the past has no barriers that axe finds, and nothing sticks out, in ${colorScheme}`, async ({
    page,
    server,
  }) => {
    await page.emulateMedia({ colorScheme })
    const foreign: string[] = []
    page.on('request', request => {
      if (new URL(request.url()).origin !== server.url) foreign.push(request.url())
    })
    const eventId = freshId()
    await anHourAgo(server, eventId, 40)
    await openPast(page, server, eventId)
    await choose(page, '12:20')
    await expect(headlines(page).first()).toHaveText('Update 20')
    await expectAccessible(page)
    const width = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth])
    expect(width[0]).toBeLessThanOrEqual(width[1] ?? 0)
    expect(foreign).toEqual([])
  })
}

test('[TRAVEL12] opening a link to a moment moves nothing on the page', async ({ page, server }) => {
  const eventId = freshId()
  await anHourAgo(server, eventId, 20)
  await page.addInitScript(() => {
    const shifts = { sum: 0 }
    Object.assign(window, { shifts })
    new PerformanceObserver(list => {
      for (const entry of list.getEntries()) shifts.sum += (entry as PerformanceEntry & { value: number }).value
    }).observe({ type: 'layout-shift', buffered: true })
  })
  await page.goto(`${server.url}/events/${eventId}?at=10`)
  await expect(moment(page)).toBeEnabled()
  await expect(headlines(page)).toHaveCount(9)
  const sum = await page.evaluate(() => (window as unknown as { shifts: { sum: number } }).shifts.sum)
  expect(sum).toBeLessThan(0.02)
})
