import { expect, expectAccessible, test } from './server.ts'

test('[API6] the reference can be read by everybody, in light and dark, narrow and wide, and asks nobody else for anything', async ({
  page,
  server,
}) => {
  test.slow() // axe looks at a long page twice
  const outside: string[] = []
  const faults: string[] = []
  page.on('request', request => {
    if (!request.url().startsWith(server.url)) outside.push(request.url())
  })
  page.on('console', message => {
    if (message.type() === 'error') faults.push(message.text())
  })
  await page.goto(`${server.url}/docs/api`)
  await expect(page.getByRole('heading', { name: /^Dateline API/ })).toBeVisible()
  await page.getByRole('link', { name: 'Update', exact: true }).first().click()
  await expect(page).toHaveURL(/#schema-Update$/)
  await page.locator('#schema-Update summary').click()
  await expect(page.locator('#schema-Update pre').first()).toBeVisible()
  await expectAccessible(page)
  await page.emulateMedia({ colorScheme: 'dark' })
  await expectAccessible(page)
  await page.setViewportSize({ width: 360, height: 700 })
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
  expect(overflow).toBeLessThanOrEqual(0)
  expect(outside).toEqual([])
  expect(faults).toEqual([])
})
