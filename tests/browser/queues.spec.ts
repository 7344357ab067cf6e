import { expect, test } from './server.ts'

test('[OPS13] the page of the queues shows them, and asks nobody else for anything', async ({ page, server }) => {
  const outside: string[] = []
  const faults: string[] = []
  page.on('request', request => {
    if (!request.url().startsWith(server.url) && !request.url().startsWith('data:')) outside.push(request.url())
  })
  page.on('console', message => {
    if (message.type() === 'error') faults.push(message.text())
  })
  await page.goto(`${server.url}/ops`)
  const token = server.tokenOf('ops')
  await page.evaluate(async bearer => {
    await fetch('/v1/ops/session', { method: 'POST', headers: { authorization: `Bearer ${bearer}` } })
  }, token)
  faults.length = 0
  await page.goto(`${server.url}/ops/queues`)
  await expect(page.getByText('submissions').first()).toBeVisible()
  await expect(page.getByText('replays').first()).toBeVisible()
  await page.goto(`${server.url}/ops/queues/queue/submissions`)
  await expect(page.getByText('submissions').first()).toBeVisible()
  await expect(page.getByText(/^Loading/)).toHaveCount(0)
  expect(outside).toEqual([])
  expect(faults).toEqual([])
})
