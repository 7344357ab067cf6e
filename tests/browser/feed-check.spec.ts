import { expect, expectAccessible, openViewer, postAll, test, texts } from './server.ts'

test('[PROOF7] the page says at the end of the feed what it has checked, and checks all of it when asked', async ({
  page,
  server,
  eventId,
}) => {
  await postAll(server, eventId, ['One.', 'Two.'])
  await openViewer(page, server, eventId)
  const check = page.locator('.feed-check')
  await expect(check.getByRole('button', { name: 'Check the whole feed' })).toBeVisible()
  await postAll(server, eventId, ['Three.', 'Four.'])
  await expect(texts(page).first()).toHaveText('Four.')
  await expect(check).toContainText('Entries 4 to 5 came complete, in order and unaltered.')
  await check.getByRole('button').click()
  await expect(check.getByRole('status')).toHaveText('The feed is complete: entries 1 to 5, in order and unaltered.')
  await expectAccessible(page)
  await page.emulateMedia({ colorScheme: 'dark' })
  await expectAccessible(page)
})

test('[PROOF7] a feed that cannot be checked now can be checked again, and one that differs says where', async ({
  page,
  server,
  eventId,
}) => {
  await openViewer(page, server, eventId)
  const check = page.locator('.feed-check')
  const proof = `**/v1/events/${eventId}/proof?after=0`
  await page.route(proof, route => route.abort())
  await check.getByRole('button').click()
  await expect(check.getByRole('status')).toHaveText('The feed could not be checked just now.')
  await page.unroute(proof)
  await page.route(proof, route =>
    route.fulfill({ json: { complete: false, firstDifference: { seq: 3, problem: 'missing' } } }),
  )
  await check.getByRole('button').click()
  await expect(check.getByRole('status')).toHaveText('Entry 3 of the feed is missing.')
})
