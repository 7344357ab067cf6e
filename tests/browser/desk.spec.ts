import { desk, expect, expectAccessible, openDesk, openViewer, postAll, test, texts } from './server.ts'

test('[PAGE16] what is posted at the desk goes from sent to published, and stands on the viewer page', async ({
  browser,
  page,
  server,
  eventId,
}) => {
  const viewer = await browser.newPage()
  await openViewer(viewer, server, eventId)
  await openDesk(page, server, eventId)
  expect(page.url()).not.toContain('token')
  await desk(page).headline.fill('Ministers meet')
  await desk(page).text.fill('They shook **hands**.')
  await page.getByLabel('Markdown').check()
  await desk(page).post()
  await expect(desk(page).states).toHaveText(/^Published, #2, entry 2 of the feed$/)
  await expect(desk(page).text).toHaveValue('')
  await expect(viewer.getByRole('heading', { name: 'Ministers meet' })).toBeVisible()
  await expect(viewer.locator('.update-body strong')).toHaveText('hands')
  await viewer.close()
})

test('[PAGE22] revising, marking, pinning and retracting show on open pages', async ({
  browser,
  page,
  server,
  eventId,
}) => {
  await postAll(server, eventId, ['First words.', 'Second words.'])
  const viewer = await browser.newPage()
  await openViewer(viewer, server, eventId)
  await openDesk(page, server, eventId)

  await desk(page)
    .deed(/^Revise: First/)
    .click()
  await expect(desk(page).text).toHaveValue('First words.')
  await desk(page).text.fill('Better words.')
  await page.getByLabel('Correction for readers').fill('They were the first.')
  await desk(page).post()
  await expect(texts(viewer)).toHaveText(['Second words.', 'Better words.'])
  await expect(viewer.locator('.corrections')).toContainText('They were the first.')

  await desk(page)
    .deed(/^Make key event: Second/)
    .click()
  await expect(viewer.getByRole('navigation', { name: 'Key events' }).getByRole('link')).toContainText([
    'Second words.',
  ])

  await desk(page)
    .deed(/^Pin: Better/)
    .click()
  await expect(viewer.locator('.pinned .update-body')).toHaveText('Better words.')
  await desk(page)
    .deed(/^Unpin: Better/)
    .click()
  await expect(viewer.locator('.pinned')).toHaveCount(0)

  await desk(page)
    .deed(/^Retract: Second/)
    .click()
  await page.getByRole('dialog').getByLabel('Reason').fill('Posted twice.')
  await page.getByRole('dialog').getByRole('button', { name: 'Retract it' }).click()
  await expect(texts(viewer)).toHaveText(['Better words.'])
  await expect(viewer.locator('.retraction')).toContainText('This update was retracted. Posted twice.')

  await page.getByLabel('Status').selectOption('ended')
  await page.getByRole('button', { name: 'Set status' }).click()
  await expect(viewer.locator('.status')).toHaveText('Ended')
  await viewer.close()
})

test('[PAGE17] typed text is there again after a reload', async ({ page, server, eventId }) => {
  await openDesk(page, server, eventId)
  await desk(page).headline.fill('Half a headl')
  await desk(page).text.fill('Half a sentence that')
  await page.getByLabel('Breaking').check()
  await page.reload()
  await expect(desk(page).headline).toHaveValue('Half a headl')
  await expect(desk(page).text).toHaveValue('Half a sentence that')
  await expect(page.getByLabel('Breaking')).toBeChecked()
})

test('[PAGE17] text that was cleared can be brought back', async ({ page, server, eventId }) => {
  await openDesk(page, server, eventId)
  await desk(page).text.fill('Cleared by mistake')
  await page.getByRole('button', { name: 'Clear' }).click()
  await expect(desk(page).text).toHaveValue('')
  await page.getByRole('button', { name: 'Bring the text back' }).click()
  await expect(desk(page).text).toHaveValue('Cleared by mistake')
})

test('[PAGE17] text of a tab that was closed is offered in the next one', async ({
  context,
  page,
  server,
  eventId,
}) => {
  await openDesk(page, server, eventId)
  await desk(page).text.fill('Left behind')
  await page.close()
  const next = await context.newPage()
  await openDesk(next, server, eventId)
  await next.getByRole('button', { name: 'Take into the editor: Left behind' }).click()
  await expect(desk(next).text).toHaveValue('Left behind')
})

test('[PAGE17] what was posted while the server was away is sent by itself, once, even after a reload', async ({
  page,
  server,
  eventId,
}) => {
  await openDesk(page, server, eventId)
  await server.kill9()
  await desk(page).text.fill('Into the dark.')
  await desk(page).post()
  await expect(desk(page).states).toContainText('sent again')
  await server.startAgain()
  await page.reload()
  await expect(page.locator('.desk-updates .update-body')).toHaveText(['Into the dark.'], { timeout: 20_000 })
  const { updates } = await server.client.feed(eventId)
  expect(updates.map(update => update.bodyText)).toEqual(['Into the dark.'])
})

test('[PAGE15] a refusal names the field, and the text goes back into the editor', async ({
  page,
  server,
  eventId,
}) => {
  await openDesk(page, server, eventId)
  await desk(page).text.fill('With a bad picture.')
  await page.getByText('Time, source, picture, link').click()
  await page.getByLabel('Address').fill('nonsense')
  await desk(page).post()
  await expect(desk(page).states).toHaveText('Failed: The request is not valid')
  await page.getByRole('button', { name: 'Put back into the editor' }).click()
  await expect(desk(page).text).toHaveValue('With a bad picture.')
  await expect(page.getByLabel('Address')).toHaveAttribute('aria-invalid', 'true')
  await expect(page.getByLabel('Address')).toHaveAccessibleDescription(/Must be an absolute http or https URL/)
  await page.getByLabel('Address').fill('https://elsewhere.example/a.jpg')
  await desk(page).post()
  await expect(desk(page).states).toHaveText(/^Published/)
})

test('[PAGE14] of two revisions the second sees both texts, and can overwrite', async ({ page, server, eventId }) => {
  await postAll(server, eventId, ['First words.'])
  await openDesk(page, server, eventId)
  await desk(page)
    .deed(/^Revise: First/)
    .click()
  await desk(page).text.fill('My words.')
  const [update] = (await server.client.feed(eventId)).updates
  await server.client.revise(eventId, update?.id ?? '', 1, { body: 'Their words.' }, { waitSeconds: 5 })
  await expect(page.locator('.desk-updates .update-body')).toHaveText('Their words.')
  await desk(page).post()
  await expect(desk(page).states).toHaveText('Failed: Somebody else changed it first')
  await expect(page.locator('.conflict')).toContainText('Their words.')
  await expect(page.locator('.conflict')).toContainText('My words.')
  await page.getByRole('button', { name: 'Overwrite with mine' }).click()
  await expect(page.locator('.desk-updates .update-body')).toHaveText('My words.')
})

test('[PAGE18] a forged token is refused in words, and another one goes on where the first ended', async ({
  page,
  server,
  eventId,
}) => {
  const [head = '', payload = '', seal = ''] = server.token.split('.')
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'))
  const mended = Buffer.from(JSON.stringify({ ...claims, name: 'Mallory' })).toString('base64url')
  const forged = [head, mended, seal].join('.')
  await page.goto(`${server.url}/desk#token=${forged}&event=${eventId}`)
  await desk(page).text.fill('Typed with a bad token.')
  await desk(page).post()
  await expect(page.getByText('The server does not accept this token')).toBeVisible()
  const signIn = page.getByRole('form', { name: 'Sign in' })
  await signIn.getByLabel('Token').fill('rubbish')
  await signIn.getByRole('button').click()
  await expect(signIn.getByLabel('Token')).toHaveAccessibleDescription(/This is not a token/)
  await signIn.getByLabel('Token').fill(server.token)
  await signIn.getByRole('button').click()
  await expect(signIn).toHaveCount(0)
  await expect(desk(page).states).toHaveText(/^Published/)
})

test('[PAGE22] an event is created, found and opened', async ({ page, server }) => {
  await page.goto(`${server.url}/desk#token=${server.token}`)
  const headline = `New talks ${Date.now()}`
  await page.getByLabel('Headline').fill(headline)
  await page.getByLabel('Time zone').fill('Nowhere/Land')
  await page.getByRole('button', { name: 'Create the event' }).click()
  await expect(page.getByText('Must be an IANA time zone')).toBeVisible()
  await page.getByLabel('Time zone').fill('Europe/Moscow')
  await page.getByRole('button', { name: 'Create the event' }).click()
  await expect(page.getByRole('heading', { name: headline })).toBeVisible()
  await page.getByRole('button', { name: 'Another event' }).click()
  await page.getByLabel('Find an event').fill(headline.toUpperCase())
  await page.getByRole('button', { name: headline }).click()
  await expect(page.getByLabel('Headline (optional)')).toBeVisible()
})

for (const colorScheme of ['light', 'dark'] as const) {
  test(`[PAGE19] the desk has no barriers that axe finds, in ${colorScheme}`, async ({ page, server, eventId }) => {
    await page.emulateMedia({ colorScheme })
    await page.goto(`${server.url}/desk`)
    await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible()
    await expectAccessible(page)
    await page.goto(`${server.url}/desk?signed#token=${server.token}`)
    await expect(page.getByRole('heading', { name: 'New event' })).toBeVisible()
    await expectAccessible(page)
    await postAll(server, eventId, ['First words.'])
    await page.goto(`${server.url}/desk?open#event=${eventId}`)
    await desk(page).text.fill('Second words.')
    await desk(page).post()
    await expect(desk(page).states).toHaveText(/^Published/)
    await page.getByText('Time, source, picture, link').click()
    await expectAccessible(page)
    const width = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth])
    expect(width[0]).toBeLessThanOrEqual(width[1] ?? 0)
    await desk(page)
      .deed(/^Retract: First/)
      .click()
    await expectAccessible(page)
  })
}
