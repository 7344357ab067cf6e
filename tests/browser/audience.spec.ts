import { expect, openDesk, openViewer, test } from './server.ts'

test('[OPS20] the viewer page and the desk show how many look on', async ({ browser, page, server, eventId }) => {
  const viewer = await browser.newPage()
  await openViewer(viewer, server, eventId)
  await openDesk(page, server, eventId)
  await expect(page.locator('.desk-feed .viewers')).toHaveText('2 readers now', { timeout: 15_000 })
  await expect(viewer.locator('.bar .viewers')).toHaveText('2 readers now', { timeout: 15_000 })
  await viewer.close()
  await expect(page.locator('.desk-feed .viewers')).toHaveText('1 reader now', { timeout: 15_000 })
})
