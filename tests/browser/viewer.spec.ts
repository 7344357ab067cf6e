import { expect, expectAccessible, openViewer, postAll, test, texts } from './server.ts'

const numbered = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => `Update number ${from + index}.`)

test('[PAGE20] an update appears in every open window, newest first, without a reload', async ({
  browser,
  server,
  eventId,
}) => {
  const windows = await Promise.all([browser.newPage(), browser.newPage()])
  for (const window of windows) await openViewer(window, server, eventId)
  await expect(windows[0].getByText('No updates yet.')).toBeVisible()
  await postAll(server, eventId, numbered(1, 3))
  for (const window of windows) await expect(texts(window)).toHaveText(numbered(1, 3).toReversed())
  await Promise.all(windows.map(window => window.close()))
})

test('[PAGE7] whoever reads further down is not moved, and is told how many are new', async ({
  page,
  server,
  eventId,
}) => {
  await postAll(server, eventId, numbered(1, 30))
  await openViewer(page, server, eventId)
  await page.getByText('Update number 12.').scrollIntoViewIfNeeded()
  const place = async () => (await page.getByText('Update number 12.').boundingBox())?.y
  const before = await place()
  await postAll(server, eventId, numbered(31, 32))
  const button = page.getByRole('button', { name: '2 new updates' })
  await expect(button).toBeVisible()
  expect(Math.abs(((await place()) ?? 0) - (before ?? 0))).toBeLessThan(2)
  await expect(texts(page)).toHaveCount(30)
  await button.click()
  await expect(texts(page).first()).toHaveText('Update number 32.')
  await expect(texts(page).first()).toBeInViewport()
  await expect(texts(page)).toHaveCount(32)
  await expect(button).toHaveCount(0)
})

test('[PAGE6] a screen reader is told of a new update in one sentence', async ({ page, server, eventId }) => {
  await openViewer(page, server, eventId)
  await server.client.publish(eventId, { body: 'They shook hands.', headline: 'Ministers meet', isBreaking: true })
  await expect(page.locator('#announcement')).toHaveText(/^Breaking, \d\d:\d\d: Ministers meet$/)
})

test('[PAGE1] times are told by the clocks of the event, and by the reader’s own', async ({
  browser,
  server,
  eventId,
}) => {
  const page = await browser.newPage({ timezoneId: 'Europe/London' })
  await server.client.publish(
    eventId,
    { body: 'They shook hands.', happenedAt: '2023-12-15T10:05:00Z' },
    { waitSeconds: 5 },
  )
  await openViewer(page, server, eventId)
  await expect(page.locator('.timeline .stamp')).toHaveText('13:0510:05 your time')
  await expect(page.locator('.day-name')).toHaveText('Friday, December 15, 2023')
  await page.close()
})

test('[PAGE9] older updates are loaded in place, and found by their address', async ({ page, server, eventId }) => {
  await postAll(server, eventId, numbered(1, 60))
  await openViewer(page, server, eventId)
  await expect(texts(page)).toHaveCount(50)
  await page.getByRole('link', { name: 'Older updates' }).click()
  await expect(texts(page)).toHaveText(numbered(1, 60).toReversed())
  const oldest = await page.locator('.timeline article').last().getAttribute('id')
  await page.goto(`${server.url}/events/${eventId}?again#${oldest}`)
  await expect(page.getByText('Update number 1.', { exact: true })).toBeInViewport()
})

test('[PAGE4] without script the page can be read to its end', async ({ browser, server, eventId }) => {
  await postAll(server, eventId, numbered(1, 60))
  const context = await browser.newContext({ javaScriptEnabled: false })
  const page = await context.newPage()
  await page.goto(`${server.url}/events/${eventId}`)
  await expect(texts(page)).toHaveText(numbered(11, 60).toReversed())
  await page.getByRole('link', { name: 'Older updates' }).click()
  await expect(texts(page)).toHaveText(numbered(1, 10).toReversed())
  await context.close()
})

test('[PAGE4] a page of older updates does not go live, and leads to the latest', async ({ page, server, eventId }) => {
  await postAll(server, eventId, numbered(1, 60))
  const { links } = await server.client.feed(eventId)
  await page.goto(`${server.url}/events/${eventId}${new URL(links.older ?? '', server.url).search}`)
  await expect(page.locator('.status')).toHaveText('Live coverage')
  await postAll(server, eventId, ['The latest.'])
  await expect(texts(page)).toHaveText(numbered(1, 10).toReversed())
  await page.getByRole('link', { name: 'Go to the latest' }).click()
  await expect(texts(page).first()).toHaveText('The latest.')
})

test('[PAGE21] a page that lost the server says so, and misses nothing when it is back', async ({
  page,
  server,
  eventId,
}) => {
  await postAll(server, eventId, ['Before.'])
  await openViewer(page, server, eventId)
  await server.kill9()
  await expect(page.locator('.status')).toContainText('Connection lost. Reconnecting')
  await server.startAgain()
  await postAll(server, eventId, numbered(1, 5))
  await expect(texts(page)).toHaveText([...numbered(1, 5).toReversed(), 'Before.'], { timeout: 20_000 })
  await expect(page.locator('.status')).toHaveText('Live')
})

test('[PAGE3] nothing is fetched from elsewhere, and nothing that was posted runs', async ({
  page,
  server,
  eventId,
}) => {
  const foreign: string[] = []
  page.on('request', request => {
    if (new URL(request.url()).origin !== server.url) foreign.push(request.url())
  })
  const faults: string[] = []
  page.on('pageerror', error => faults.push(error.message))
  await server.client.publish(
    eventId,
    {
      body: '<p>Safe<img src="https://elsewhere.example/x.png" onerror="document.title=1"></p><script>document.title=2</script>',
      bodyFormat: 'html',
      headline: '</script><script>document.title=3</script>',
      media: [{ url: 'https://elsewhere.example/a.jpg', alt: 'Flags', caption: 'The hall.' }],
      embeds: [{ provider: 'youtube', url: 'https://www.youtube.com/watch?v=abc' }],
    },
    { waitSeconds: 5 },
  )
  await openViewer(page, server, eventId)
  await page.reload()
  await expect(page.getByText('The hall.')).toBeVisible()
  await expect(page.getByRole('link', { name: /See the picture/ })).toHaveAttribute(
    'href',
    'https://elsewhere.example/a.jpg',
  )
  await expect(page.getByRole('link', { name: /YouTube/ })).toHaveAttribute('href', /youtube\.com/)
  await expect(page).toHaveTitle(/^Talks/)
  expect(foreign).toEqual([])
  expect(faults).toEqual([])
})

for (const colorScheme of ['light', 'dark'] as const) {
  test(`[PAGE19] the reader's pages have no barriers that axe finds, in ${colorScheme}`, async ({
    page,
    server,
    eventId,
  }) => {
    await page.emulateMedia({ colorScheme })
    const { client } = server
    await client.publish(eventId, { body: 'Breaking words.', headline: 'One', isBreaking: true, isKeyEvent: true })
    await client.publish(eventId, { body: '- a\n- b', bodyFormat: 'markdown', headline: 'Two', isSummary: true })
    await client.publish(eventId, { body: 'قال الوزير', inLanguage: 'ar', source: 'Agency', tags: ['treaty'] })
    await client.publish(
      eventId,
      { media: [{ url: 'https://elsewhere.example/a.jpg', caption: 'The hall.', creditText: 'Ana Lind' }] },
      { waitSeconds: 5 },
    )
    await openViewer(page, server, eventId)
    await expectAccessible(page)
    const width = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth])
    expect(width[0]).toBeLessThanOrEqual(width[1] ?? 0)
    await page.goto(server.url)
    await expectAccessible(page)
    await page.goto(`${server.url}/events/there-is-none`)
    await expect(page.getByRole('heading', { name: 'No such event' })).toBeVisible()
    await expectAccessible(page)
  })
}

test('[PAGE19] the keyboard alone leads to the updates', async ({ page, server, eventId }) => {
  await postAll(server, eventId, ['Only one.'])
  await openViewer(page, server, eventId)
  await page.keyboard.press('Tab')
  await expect(page.getByRole('link', { name: 'Skip to the updates' })).toBeFocused()
  await page.keyboard.press('Enter')
  await page.keyboard.press('Tab')
  await expect(page.locator('.timeline .stamp-time')).toBeFocused()
})
