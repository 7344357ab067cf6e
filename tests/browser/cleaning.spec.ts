import type { Page } from '@playwright/test'
import { desk, expect, expectAccessible, openDesk, test } from './server.ts'

const preview = (page: Page) => page.getByRole('region', { name: 'As readers will get it' })
const held = (page: Page) => page.getByRole('region', { name: /^Held for an editor/ })
const settings = (page: Page) => page.getByRole('form', { name: 'Cleaning' })

const PAGE = [
  'Ferry service resumes across the strait',
  'Share',
  '10:00 GMT 15.12.2023',
  'The first ferry left the harbour at dawn.',
  'It carried forty passengers and a dog.',
].join('\n')

test('[DESK1] while text is typed, the desk shows it as readers will get it, word by word', async ({
  page,
  server,
  eventId,
}) => {
  await openDesk(page, server, eventId)
  await desk(page).text.pressSequentially('Talks ended in Moscow.Russian officials left.')
  await expect(preview(page)).toContainText('Talks ended in Moscow. Russian officials left.')
  await expect(preview(page).locator('> p ins')).toHaveText([' '])
  await preview(page).getByText('Step by step').click()
  await expect(preview(page)).toContainText('Space between sentences')
  await desk(page).text.fill('')
  await expect(preview(page)).toHaveCount(0)
})

test('[DESK4] a preview is asked for at most every 300 ms, and the last one is of the whole text', async ({
  page,
  server,
  eventId,
}) => {
  await openDesk(page, server, eventId)
  const asked: { at: number; body: string }[] = []
  page.on('request', request => {
    if (request.url().endsWith('/normalize')) asked.push({ at: Date.now(), body: request.postDataJSON().body })
  })
  const text = 'They met and talked for a long time about many things.'
  await desk(page).text.pressSequentially(text, { delay: 20 })
  await expect(preview(page)).toContainText(text)
  expect(asked.at(-1)?.body).toBe(text)
  const gaps = asked.slice(1).map(({ at }, i) => at - (asked[i]?.at ?? 0))
  // Requests are begun 300 ms apart; when they are seen here may differ a little.
  for (const gap of gaps) expect(gap).toBeGreaterThan(250)
})

test('[DESK4] the desk stays quiet while the server is away, and what is typed is there', async ({
  page,
  server,
  eventId,
}) => {
  await openDesk(page, server, eventId)
  await desk(page).text.fill('Before the dark.')
  await expect(preview(page)).toContainText('Before the dark.')
  await page.route('**/normalize', route => route.abort())
  await desk(page).text.fill('Into the dark.')
  await expect(preview(page)).toHaveCount(0)
  await expect(page.getByRole('alert').filter({ hasText: /./ })).toHaveCount(0)
  await page.unroute('**/normalize')
  await desk(page).text.fill('Into the light.')
  await expect(preview(page)).toContainText('Into the light.')
})

test('[DESK5] what is worth a look, and what will wait, is said before it is posted', async ({
  page,
  server,
  eventId,
}) => {
  await server.client.changeNormalizationSettings(eventId, 0, { blockedTerms: ['Jane Roe'] })
  await openDesk(page, server, eventId)
  await desk(page).text.fill('Jane Roe arrived.\n\nFollow our live feed for more.')
  await expect(preview(page)).toContainText('It will wait for an editor.')
  await expect(preview(page)).toContainText(/Jane Roe/)
  await expect(preview(page).getByRole('list', { name: 'Worth a look' })).toBeVisible()
})

test('[DESK6] what was changed is told step by step, can be kept as typed, and cleaned again', async ({
  page,
  server,
  eventId,
}) => {
  await server.client.publish(eventId, { body: 'Talks ended in Moscow.Russian officials left.' }, { waitSeconds: 5 })
  await openDesk(page, server, eventId)
  const body = page.locator('.desk-updates .update-body')
  await expect(body).toHaveText('Talks ended in Moscow. Russian officials left.')
  await page.getByText('What was changed').click()
  await page.getByRole('button', { name: 'Keep as typed: Space between sentences' }).click()
  await expect(body).toHaveText('Talks ended in Moscow.Russian officials left.')
  const again = page.getByRole('button', { name: 'Clean it again: Space between sentences' })
  await expect(again).toBeVisible()
  await again.click()
  await expect(body).toHaveText('Talks ended in Moscow. Russian officials left.')
  const [update] = (await server.client.feed(eventId)).updates
  expect(update?.version).toBe(3)
  expect((await server.client.draft(eventId, update?.id ?? '')).draft.keepAsTyped).toBeUndefined()
})

test('[PAGE13] a revision is of what was typed, not of what was published', async ({ page, server, eventId }) => {
  const typed = { body: '*Talks*  ended in Moscow.Russian officials left.', bodyFormat: 'markdown' as const }
  await server.client.publish(eventId, typed, { waitSeconds: 5 })
  await openDesk(page, server, eventId)
  await desk(page)
    .deed(/^Revise:/)
    .click()
  await expect(desk(page).text).toHaveValue(typed.body)
  await expect(page.getByRole('form', { name: /update/ }).getByLabel('Markdown')).toBeChecked()
})

test('[DESK7] what is held is released or discarded by an editor', async ({ page, server, eventId }) => {
  await server.client.changeNormalizationSettings(eventId, 0, { blockedTerms: ['Jane Roe'] })
  await server.client.publish(eventId, { body: 'Jane Roe arrived.' }, { waitSeconds: 1 }).catch(() => undefined)
  await server.client.publish(eventId, { body: 'Jane Roe left.' }, { waitSeconds: 1 }).catch(() => undefined)
  await openDesk(page, server, eventId)
  await expect(held(page).getByRole('listitem')).toHaveCount(2)
  await expect(held(page)).toContainText('Blocked terms')
  await page.getByRole('button', { name: 'Release: Jane Roe arrived.' }).click()
  await expect(page.locator('.desk-updates .update-body')).toHaveText('Jane Roe arrived.')
  await page.getByRole('button', { name: 'Discard: Jane Roe left.' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: 'Discard it' }).click()
  await expect(dialog).toBeVisible()
  await dialog.getByLabel('Reason').fill('She must not be named.')
  await dialog.getByRole('button', { name: 'Discard it' }).click()
  await expect(held(page)).toHaveCount(0)
  expect(await server.client.submission(eventId, 3)).toMatchObject({ state: 'discarded' })
})

test('[DESK7] of two editors the second is told that the first has decided', async ({ page, server, eventId }) => {
  await server.client.changeNormalizationSettings(eventId, 0, { blockedTerms: ['Jane Roe'] })
  await openDesk(page, server, eventId)
  await desk(page).text.fill('Jane Roe arrived.')
  await desk(page).post()
  await expect(desk(page).states).toHaveText(/^Held: waits for an editor/)
  await expect(held(page).getByRole('listitem')).toHaveCount(1)
  await page.route('**/held?*', route => route.abort())
  await server.client.release(eventId, 2, { waitSeconds: 5 })
  await expect(desk(page).states).toHaveText(/^Published/)
  await page.getByRole('button', { name: /^Release: Jane/ }).click()
  await expect(held(page).getByRole('alert')).toContainText('The submission is not held any more.')
  await page.unroute('**/held?*')
})

test('[DESK7] a contributor sees neither what is held nor the settings', async ({ page, server, eventId }) => {
  await server.client.changeNormalizationSettings(eventId, 0, { blockedTerms: ['Jane Roe'] })
  await page.goto(`${server.url}/desk#token=${server.tokenOf('contributor')}&event=${eventId}`)
  await expect(page.locator('.desk-feed .status')).toHaveText('Live')
  await desk(page).text.fill('Jane Roe arrived.')
  await desk(page).post()
  await expect(desk(page).states).toHaveText(/^Held: waits for an editor/)
  await expect(held(page)).toHaveCount(0)
  await expect(page.getByRole('heading', { name: 'Cleaning' })).toHaveCount(0)
})

test('[DESK8] settings are changed, and who comes second is told', async ({ page, server, eventId }) => {
  await openDesk(page, server, eventId)
  await page.getByRole('heading', { name: 'Cleaning' }).click()
  await settings(page).getByLabel('Space between sentences').uncheck()
  await settings(page).getByLabel('Blocked terms').pressSequentially('Jane Roe\nJohn Doe')
  await settings(page).getByRole('button', { name: 'Save' }).click()
  await expect(settings(page).getByText('Saved.')).toBeVisible()
  expect(await server.client.normalizationSettings(eventId)).toMatchObject({
    version: 1,
    settings: { off: ['sentence-spacing'], blockedTerms: ['Jane Roe', 'John Doe'] },
  })
  await server.client.changeNormalizationSettings(eventId, 1, { callsToAction: 'remove' })
  await settings(page).getByLabel('Typography').uncheck()
  await settings(page).getByRole('button', { name: 'Save' }).click()
  await expect(settings(page).getByRole('alert')).toContainText('Somebody else changed it first.')
  await settings(page).getByRole('button', { name: 'Show what stands now' }).click()
  await expect(settings(page).getByLabel('Take them out')).toBeChecked()
  await expect(settings(page).getByLabel('Blocked terms')).toHaveValue('')
  await expect(settings(page).getByLabel('Typography')).toBeChecked()
})

test('[DESK9] a pasted page is looked over, and posted once however often it is confirmed', async ({
  page,
  server,
}) => {
  const headline = `Ferry service resumes ${Date.now()}`
  const paste = async () => {
    await page.goto(`${server.url}/desk?paste${Date.now()}#token=${server.token}`)
    const form = page.getByRole('form', { name: 'Paste a page' })
    await form.getByLabel('The page', { exact: true }).fill(PAGE.replace(/^.*/, headline))
    await form.getByLabel('Times on the page are in').fill('Europe/London')
    await form.getByRole('button', { name: 'Read the page' }).click()
    await expect(page.getByRole('heading', { name: 'The page as an event' })).toBeFocused()
    return page.getByRole('form', { name: 'The page as an event' })
  }
  const review = await paste()
  await expect(review.getByLabel('Headline')).toHaveValue(headline)
  await expect(review.locator('.import-updates .text')).toHaveText([
    'The first ferry left the harbour at dawn.',
    'It carried forty passengers and a dog.',
  ])
  await expect(review.getByRole('list', { name: 'Worth a look' })).toContainText(/time/)
  await review.getByText(/^Left out/).click()
  await expect(review.locator('.import-dropped')).toContainText('Share')
  const id = await review.getByLabel('Id').inputValue()
  await review.getByRole('button', { name: 'Post the event and 2 updates' }).click()
  await expect(page.getByRole('heading', { name: headline })).toBeVisible()
  await expect(page.locator('.desk-updates .update-body')).toHaveCount(2)

  await (await paste()).getByRole('button', { name: 'Post the event and 2 updates' }).click()
  await expect(page.locator('.desk-updates .update-body')).toHaveCount(2)
  const { position, updates } = await server.client.feed(id)
  expect(position.seq).toBe(3)
  expect(updates).toHaveLength(2)
})

test('[DESK9] a page is pasted with its structure where that is wanted', async ({ page, server }) => {
  await page.goto(`${server.url}/desk#token=${server.token}`)
  const form = page.getByRole('form', { name: 'Paste a page' })
  await form.getByLabel('HTML, with its structure').check()
  await form.getByLabel('The page', { exact: true }).evaluate(area => {
    const clipboardData = new DataTransfer()
    clipboardData.setData(
      'text/html',
      '<h1 class="x">Ferry resumes</h1><ul><li>It left at dawn.</li><li>It came.</li></ul>',
    )
    clipboardData.setData('text/plain', 'Ferry resumes It left at dawn. It came.')
    area.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }))
  })
  await expect(form.getByLabel('The page', { exact: true })).toHaveValue(/^<h1>Ferry resumes<\/h1><ul>/)
  await form.getByRole('button', { name: 'Read the page' }).click()
  await expect(page.getByLabel('Headline', { exact: true }).last()).toHaveValue('Ferry resumes')
  await expect(page.locator('.import-updates .text')).toHaveText([/^It left at dawn\.\s*It came\.$/])
})

test('[DESK9] a page that cannot be read, or an event that is there already, is said in words', async ({
  page,
  server,
  eventId,
}) => {
  await page.goto(`${server.url}/desk#token=${server.token}`)
  const form = page.getByRole('form', { name: 'Paste a page' })
  await form.getByRole('button', { name: 'Read the page' }).click()
  await expect(form.getByLabel('The page', { exact: true })).toHaveAccessibleDescription(/Must not be empty/)
  await form.getByLabel('The page', { exact: true }).fill(PAGE)
  await form.getByRole('button', { name: 'Read the page' }).click()
  const review = page.getByRole('form', { name: 'The page as an event' })
  await review.getByLabel('Id').fill(eventId)
  await review.getByRole('checkbox').last().uncheck()
  await review.getByRole('button', { name: 'Post the event and 1 update' }).click()
  await expect(review.getByLabel('Id')).toHaveAccessibleDescription(/Choose another id/)
  await review.getByLabel('Id').fill(`ferry-${Date.now()}`)
  await review.getByRole('button', { name: /^Post the event/ }).click()
  await expect(page.locator('.desk-updates .update-body')).toHaveCount(1)
})

for (const colorScheme of ['light', 'dark'] as const) {
  test(`[DESK11] previews, held texts, settings and pasted pages have no barriers that axe finds, in ${colorScheme}`, async ({
    page,
    server,
    eventId,
  }) => {
    const fitsScreen = async () => {
      const [width = 0, screen = 0] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth])
      expect(width).toBeLessThanOrEqual(screen)
    }
    await page.emulateMedia({ colorScheme })
    await server.client.publish(eventId, { body: 'Talks ended in Moscow.Russian officials left.' }, { waitSeconds: 5 })
    await server.client.changeNormalizationSettings(eventId, 0, { blockedTerms: ['Jane Roe'] })
    await server.client.publish(eventId, { body: 'Jane Roe arrived.' }, { waitSeconds: 1 }).catch(() => undefined)
    await openDesk(page, server, eventId)
    await desk(page).text.fill('Jane Roe left Minsk.Her driver did "not".')
    await expect(preview(page)).toContainText('It will wait')
    await preview(page).getByText('Step by step').click()
    await page.getByRole('heading', { name: 'Cleaning' }).click()
    await expect(settings(page).getByLabel('Blocked terms')).toBeVisible()
    await page.getByText('What was changed').click()
    await expect(page.getByRole('button', { name: /^Keep as typed/ }).first()).toBeVisible()
    await expect(held(page)).toBeVisible()
    await expectAccessible(page)
    await fitsScreen()
    await page.getByRole('button', { name: 'Discard: Jane Roe arrived.' }).click()
    await expectAccessible(page)

    await page.goto(`${server.url}/desk?paste#`)
    await page.getByRole('form', { name: 'Paste a page' }).getByLabel('The page', { exact: true }).fill(PAGE)
    await expectAccessible(page)
    await page.getByRole('button', { name: 'Read the page' }).click()
    await page.getByText(/^Left out/).click()
    await expectAccessible(page)
    await fitsScreen()
  })
}
