import type { DeadLetterPage } from '../../src/protocol/ops.ts'
import type { Replay } from '../../src/protocol/replay.ts'
import { postDead } from './dead-letters.ts'
import {
  desk,
  expect,
  expectAccessible,
  type Locator,
  openDesk,
  openViewer,
  type Page,
  postAll,
  type Server,
  test,
} from './server.ts'

/** Other people work on the machine too. */
const SOON = { timeout: 15_000 }

test('[CONSOLE1] whoever has a token with the role ops is let in, and others are told why not', async ({
  page,
  server,
}) => {
  await page.goto(`${server.url}/`)
  await page.getByRole('link', { name: 'Ops' }).click()
  const signIn = page.getByRole('form', { name: 'Sign in' })
  await signIn.getByLabel('Token').fill(server.token)
  await signIn.getByRole('button').click()
  await expect(signIn.getByLabel('Token')).toHaveAccessibleDescription(/has not the role ops/)
  await expect(page.getByRole('heading', { name: 'Events' })).toHaveCount(0)
  await signIn.getByLabel('Token').fill(server.tokenOf('ops'))
  await signIn.getByRole('button').click()
  await expect(page.getByRole('heading', { name: 'Events' })).toBeVisible()
  await page.reload()
  await expect(page.getByRole('heading', { name: 'Events' })).toBeVisible()
  await page.getByRole('button', { name: 'Sign out' }).click()
  await expect(signIn).toBeVisible()

  await openOps(page, server)
  expect(page.url()).not.toContain('token')
  await page.goto(`${page.url().split('#')[0]}#token=${server.tokenOf('ops')}&event=nowhere`)
  await expect(page).toHaveURL(/#event=nowhere$/)
  await expect(page.getByText('There is no event nowhere.').first()).toBeVisible(SOON)
})

test('[CONSOLE1] a token for some events shows these, and says what it does not allow', async ({
  page,
  server,
  eventId,
}) => {
  const other = await server.client.createEvent({ headline: `Of others ${Date.now()}` })
  await page.goto(`${server.url}/ops#token=${server.tokenOf('ops', eventId)}`)
  await expect(eventRow(page, eventId)).toBeVisible(SOON)
  await expect(eventRow(page, other.id)).toHaveCount(0)
  await page.getByRole('button', { name: 'Pause all intake' }).click()
  await page.getByRole('dialog').getByLabel('Reason').fill('Without the right')
  await page.keyboard.press('Enter')
  const intake = page.getByRole('region', { name: 'Intake' })
  await expect(intake.getByRole('alert')).toContainText('Sign in with a token that allows it.', SOON)
  await expect(intake.getByText('Open: editors’ updates are taken.')).toBeVisible()
})

test('[CONSOLE10] the keyboard alone is enough', async ({ page, server, eventId }) => {
  await postAll(server, eventId, ['First words.'])
  await openOps(page, server, eventId)
  await page.keyboard.press('Tab')
  await expect(page.getByRole('button', { name: 'Skip to the content' })).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('main')).toBeFocused()
  await tabTo(page, page.getByRole('button', { name: 'Pause the event' }))
  await page.keyboard.press('Enter')
  await expect(page.getByRole('dialog', { name: 'Pause this event?' })).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('button', { name: 'Pause the event' })).toBeFocused()
  const replays = page.getByRole('region', { name: 'Replays' })
  await tabTo(page, replays.getByLabel('From'))
  await page.keyboard.type('1')
  await page.keyboard.press('Enter')
  await expect(replays.getByRole('progressbar')).toBeVisible(SOON)
  await tabTo(page, page.getByRole('button', { name: 'Check the feed' }))
  await page.keyboard.press('Space')
  await expect(page.getByText('Complete, in order and unaltered: entries 1 to 2.')).toBeVisible(SOON)
})

test('[CONSOLE1] a token that the server refuses is named, and takes nothing off the screen', async ({
  page,
  server,
}) => {
  await openOps(page, server)
  const [head = '', payload = '', seal = ''] = server.tokenOf('ops').split('.')
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'))
  const mended = Buffer.from(JSON.stringify({ ...claims, name: 'Mallory' })).toString('base64url')
  await page.goto(`${server.url}/ops?forged#token=${[head, mended, seal].join('.')}`)
  const signIn = page.getByRole('form', { name: 'Sign in' })
  await expect(signIn.getByLabel('Token')).toHaveAccessibleDescription(/The server does not accept this token/)
  await signIn.getByLabel('Token').fill(server.tokenOf('ops'))
  await signIn.getByRole('button').click()
  await expect(signIn).toHaveCount(0)
  await expect(page.getByRole('heading', { name: 'Events' })).toBeVisible()
})

test('[CONSOLE2] the numbers of an event change when something happens, without a reload', async ({
  browser,
  page,
  server,
  eventId,
}) => {
  await openOps(page, server)
  const row = eventRow(page, eventId)
  await expect(row.getByRole('cell').first()).toHaveText('0', SOON)
  const viewer = await browser.newPage()
  await openViewer(viewer, server, eventId)
  await expect(row.getByRole('cell').first()).toHaveText('1', SOON)
  await expect(page.getByRole('list', { name: 'Rooms' })).toContainText(`${eventId}: 1 viewer`, SOON)
  await postAll(server, eventId, ['First words.', 'Second words.'])
  await page.getByRole('link', { name: headlineOf(eventId) }).click()
  await expect(page.getByText('3 entries')).toBeVisible(SOON)
  await postAll(server, eventId, ['Third words.'])
  await expect(page.getByText('4 entries')).toBeVisible(SOON)
  await viewer.close()
})

test('[CONSOLE3] an intake that is paused tells editors the reason, keeps their text, and takes it when it is open again', async ({
  browser,
  page,
  server,
  eventId,
}) => {
  const editor = await browser.newPage()
  await openDesk(editor, server, eventId)
  await openOps(page, server)
  await page.getByRole('button', { name: 'Pause all intake' }).click()
  const dialog = page.getByRole('dialog', { name: 'Pause all intake?' })
  await dialog.getByLabel('Reason').fill('The lawyers look at it')
  await dialog.getByRole('button', { name: 'Pause all intake' }).click()
  await expect(page.getByText('The lawyers look at it')).toBeVisible(SOON)

  await desk(editor).text.fill('Into the pause.')
  await desk(editor).post()
  await expect(desk(editor).states).toContainText('The lawyers look at it', SOON)
  await editor.reload()
  await expect(editor.locator('.submission-label')).toContainText('Into the pause.')
  expect((await server.client.feed(eventId)).updates).toEqual([])

  await page.getByRole('link', { name: 'Trail' }).click()
  await expect(page.getByText('intake paused')).toBeVisible(SOON)
  await expect(page.getByText('The intake is paused:')).toBeVisible()
  await page.getByRole('link', { name: 'Now' }).click()
  await page.getByRole('button', { name: 'Open the intake' }).click()
  await expect(page.getByText('Open: editors’ updates are taken.')).toBeVisible(SOON)
  await expect(editor.locator('.desk-updates .update-body')).toHaveText(['Into the pause.'], { timeout: 25_000 })
  await editor.close()
})

test('[CONSOLE4] dead letters are looked at, mended, retried and discarded with a reason', async ({
  page,
  server,
  eventId,
}) => {
  await postDead(server, eventId, ['One.', 'Two.', 'Three.', 'Four.'])
  await openOps(page, server, eventId)
  const letters = page.getByRole('region', { name: 'Dead letters' })
  await expect(letters.getByRole('listitem')).toHaveCount(4, SOON)
  await letters.getByText('What was sent').first().click()
  await expect(letters.locator('pre').first()).toContainText('"isKeyEvent": true')

  await letters.getByRole('button', { name: 'Mend and retry #2' }).click()
  const form = letters.getByRole('form', { name: 'Mend and retry' })
  await form.getByLabel('Text').fill('One, mended.')
  await form.getByLabel('Everything else').fill('{')
  await form.getByRole('button', { name: 'Retry with these words' }).click()
  await expect(form.getByLabel('Everything else')).toHaveAccessibleDescription(/not a JSON object/)
  await form.getByLabel('Everything else').fill('{"bodyFormat": "text", "headline": "Mended"}')
  await form.getByRole('button', { name: 'Retry with these words' }).click()
  await expect(letters.getByText('#2 was accepted anew as #6.')).toBeVisible(SOON)
  await expect(letters.getByRole('listitem')).toHaveCount(3, SOON)

  await letters.getByRole('button', { name: 'Discard #5' }).click()
  await page.getByRole('dialog').getByLabel('Reason').fill('Not needed')
  await page.getByRole('dialog').getByRole('button', { name: 'Discard it' }).click()
  await expect(letters.getByText('#5 was discarded.')).toBeVisible(SOON)
  await expect(letters.getByRole('listitem')).toHaveCount(2, SOON)

  await letters.getByRole('button', { name: 'Retry #3', exact: true }).click()
  await expect(letters.getByText('#3 was accepted anew as #7.')).toBeVisible(SOON)
  await letters.getByRole('button', { name: 'Retry all' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Retry all' }).click()
  await expect(letters.getByText('1 submission was accepted anew.')).toBeVisible(SOON)
  await expect(letters.getByText('There are none.')).toBeVisible(SOON)
  await expect
    .poll(async () => (await server.client.feed(eventId)).updates.map(update => update.bodyText).toSorted(), SOON)
    .toEqual(['One, mended.', 'Three.', 'Two.'])
  const { updates } = await server.client.feed(eventId)
  expect(updates.find(({ bodyText }) => bodyText === 'One, mended.')).toMatchObject({
    headline: 'Mended',
    isKeyEvent: false,
  })
  await expect(page.getByRole('region', { name: 'Trail' })).toContainText('Not needed', SOON)
})

test('[CONSOLE4] a dead letter whose update was changed since is retried over that only when it is asked for', async ({
  page,
  server,
  eventId,
}) => {
  await postDead(server, eventId, ['First words.'])
  const letters = () => page.getByRole('region', { name: 'Dead letters' })
  const { deadLetters } = (await asOps(server, `/v1/events/${eventId}/dead-letters`)) as DeadLetterPage
  const updateId = deadLetters[0]?.updateId ?? ''
  await server.client.revise(eventId, updateId, 1, { body: 'Later words.' }, { waitSeconds: 5 })
  await openOps(page, server, eventId)
  await letters().getByRole('button', { name: 'Mend and retry #2' }).click()
  await letters().getByLabel('Text').fill('First words, mended.')
  await letters().getByRole('button', { name: 'Retry with these words' }).click()
  await expect(letters().getByRole('alert').first()).toContainText('Somebody else changed it first', SOON)
  await letters().getByRole('button', { name: 'Retry over the later version' }).click()
  await expect(letters().getByText('There are none.')).toBeVisible(SOON)
  await expect
    .poll(async () => (await server.client.feed(eventId)).updates.map(update => update.bodyText), SOON)
    .toEqual(['First words, mended.'])
})

test('[CONSOLE4] of the dead letters of all events those that are chosen are retried', async ({
  page,
  server,
  eventId,
}) => {
  await postDead(server, eventId, ['Chosen.', 'Chosen too.', 'Left.'])
  await openOps(page, server)
  await page.getByRole('link', { name: 'Dead letters' }).click()
  const letters = page.getByRole('region', { name: 'Dead letters' })
  const ours = letters.getByRole('listitem').filter({ hasText: eventId })
  await expect(ours).toHaveCount(3, SOON)
  for (const name of [/: Chosen\.$/, /: Chosen too\.$/]) await ours.getByRole('checkbox', { name }).check()
  await letters.getByRole('button', { name: 'Retry the chosen (2)' }).click()
  await expect(letters.getByText('2 submissions were accepted anew.')).toBeVisible(SOON)
  await expect(ours).toHaveCount(1, SOON)
  await ours.getByRole('button', { name: /^Discard/ }).click()
  await expect(page.getByRole('dialog').getByLabel('Reason')).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await expect(ours).toHaveCount(1)
})

test('[CONSOLE5] a replay is begun, paused, sought back, stepped and resumed, and its list is the range of the feed', async ({
  browser,
  page,
  server,
  eventId,
}) => {
  const bodies = Array.from({ length: 9 }, (_, i) => `Words ${i + 1}.`)
  await postAll(server, eventId, bodies)
  const reader = await browser.newPage()
  await openViewer(reader, server, eventId)
  await openOps(page, server, eventId)
  const replays = page.getByRole('region', { name: 'Replays' })
  const form = replays.getByRole('form', { name: 'New replay' })
  await form.getByLabel('From').fill('yesterday')
  await form.getByRole('button', { name: 'Begin the replay' }).click()
  await expect(form.getByLabel('From')).toHaveAccessibleDescription(/Give an entry’s number/)
  await form.getByLabel('From').fill('2')
  await form.getByLabel('To').fill('10')
  await form.getByLabel('Speed').selectOption('step')
  await form.getByRole('button', { name: 'Begin the replay' }).click()
  await expect(replays.getByText('0 of 9 sent')).toBeVisible(SOON)

  await replays.getByRole('button', { name: 'Watch here' }).click()
  await expect(replays.getByText('Connected.')).toBeVisible(SOON)
  const rows = replays.locator('.rehearsal-rows li')
  const words = (from: number, to: number) => bodies.slice(from - 2, to - 1).map(body => `published ${body}`)
  for (let seq = 2; seq <= 6; seq++) {
    await replays.getByRole('button', { name: 'Step', exact: true }).click()
    await expect(rows).toHaveText(words(2, seq), SOON)
  }
  await expect(replays.getByText('5 of 9 sent')).toBeVisible(SOON)
  await expect(replays.getByRole('button', { name: 'Resume' })).toBeVisible(SOON)

  await replays.getByLabel('Go to entry').fill('4')
  await replays.getByRole('button', { name: 'Go', exact: true }).click()
  await expect(replays.getByText('2 of 9 sent')).toBeVisible(SOON)
  await expect(rows).toHaveText(words(2, 3), SOON)
  await expect(replays.getByText('Lap 2.')).toBeVisible()

  await replays.getByLabel('Speed').first().selectOption('10')
  await expect(replays.getByText(/about .* left, paused/)).toBeVisible(SOON)
  await replays.getByLabel('Speed').first().selectOption('max')
  await replays.getByRole('button', { name: 'Resume' }).click()
  await expect(replays.getByText('9 of 9 sent: it has ended.')).toBeVisible(SOON)
  await expect(rows).toHaveText(words(2, 10), SOON)
  const numbers = await rows.evaluateAll(items => items.map(item => Number(item.getAttribute('value'))))
  expect(numbers).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10])
  await expect(reader.locator('.timeline .update-body')).toHaveText(bodies.toReversed())

  await replays.getByRole('button', { name: /^Remove replay/ }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Remove it' }).click()
  await expect(replays.getByRole('progressbar')).toHaveCount(0, SOON)
  await expect(replays.getByText(/is gone\.$/)).toBeVisible()
  const { replays: left } = (await asOps(server, `/v1/events/${eventId}/replays`)) as { replays: Replay[] }
  expect(left).toEqual([])
  await reader.close()
})

test('[CONSOLE6] an event is paused, proved, audited and sent again from its page', async ({
  browser,
  page,
  server,
  eventId,
}) => {
  await postAll(server, eventId, ['First words.', 'Second words.'])
  const viewer = await browser.newPage()
  await openViewer(viewer, server, eventId)
  await openOps(page, server, eventId)
  const audit = page.getByRole('region', { name: 'Gap audit' })
  await expect(audit.getByText('Nothing is missing or doubled: 3 submissions, 3 entries.')).toBeVisible(SOON)
  await audit.getByText('Number by number').click()
  await expect(audit.getByRole('row', { name: /^#3 published 3/ })).toBeVisible()

  const proof = page.getByRole('region', { name: 'Feed proof' })
  await proof.getByRole('button', { name: 'Check the feed' }).click()
  await expect(proof.getByText('Complete, in order and unaltered: entries 1 to 3.')).toBeVisible(SOON)

  const rebroadcast = page.getByRole('region', { name: 'Rebroadcast' })
  await rebroadcast.getByLabel('From entry').fill('2')
  await rebroadcast.getByRole('button', { name: 'Send again' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Send them again' }).click()
  await expect(rebroadcast.getByText('Entries 2 to 3 are sent again.')).toBeVisible(SOON)
  await expect(page.getByRole('region', { name: 'Trail' })).toContainText('rebroadcast', SOON)

  await page.getByRole('button', { name: 'Pause the event' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Pause it' }).click()
  await expect(viewer.locator('.status')).toHaveText('Paused', SOON)
  await page.getByRole('button', { name: 'Go on live' }).click()
  await expect(viewer.locator('.status')).toHaveText('Live', SOON)
  await expect(viewer.locator('.timeline .update-body')).toHaveText(['Second words.', 'First words.'])
  await viewer.close()
})

test('[CONSOLE7] the times from post to screen are told as a chart and as a table', async ({
  browser,
  page,
  server,
  eventId,
}) => {
  const viewer = await browser.newPage()
  await openViewer(viewer, server, eventId)
  await postAll(server, eventId, ['First words.', 'Second words.'])
  await openOps(page, server, eventId)
  const latency = page.getByRole('region', { name: 'From post to screen' })
  await expect(latency.getByText(/half were on screens within \d/)).toBeVisible({ timeout: 25_000 })
  await expect(latency.locator('canvas')).toHaveCount(2)
  await latency.getByText('The same as a table').click()
  await expect(latency.getByRole('columnheader')).toHaveCount(6)
  await expect(latency.getByRole('row').nth(1).getByRole('cell').last()).toHaveText(/^[\d.]+ m?s \/ .* \/ /)
  await viewer.close()
})

test('[CONSOLE8] when the server is away the numbers stay and are marked as old, and go on when it is back', async ({
  page,
  server,
  eventId,
}) => {
  await openOps(page, server)
  await expect(eventRow(page, eventId)).toBeVisible(SOON)
  await server.kill9()
  await expect(page.getByText(/The numbers are those of \d\d:\d\d/)).toBeVisible(SOON)
  await expect(eventRow(page, eventId)).toBeVisible()
  await server.startAgain()
  await expect(page.getByText(/The numbers are those of/)).toHaveCount(0, { timeout: 40_000 })
  await postAll(server, eventId, ['After the night.'])
})

test('[CONSOLE8] a part that cannot be read says so, and leaves the others alone', async ({
  page,
  server,
  eventId,
}) => {
  const problem = {
    type: '/problems/unavailable',
    title: 'Dateline is unavailable for a moment',
    status: 503,
    retry: true,
  }
  await page.route(/\/v1\/ops\/latency|\/gaps/, route =>
    route.fulfill({ status: 503, contentType: 'application/problem+json', body: JSON.stringify(problem) }),
  )
  await openOps(page, server, eventId)
  const latency = page.getByRole('region', { name: 'From post to screen' })
  await expect(latency.getByText('The times could not be read. Dateline is unavailable for a moment.')).toBeVisible()
  await expect(page.getByRole('region', { name: 'Dead letters' }).getByText('There are none.')).toBeVisible(SOON)
  await page.unroute(/\/v1\/ops\/latency|\/gaps/)
  await latency.getByRole('button', { name: 'Try again' }).click()
  await expect(latency.getByText('could not be read')).toHaveCount(0, SOON)
})

test('[CONSOLE8] a page that nobody sees asks for nothing, and asks at once when it is seen', async ({
  page,
  server,
}) => {
  await page.clock.install()
  await openOps(page, server)
  let asked = 0
  page.on('request', request => {
    if (request.url().includes('/v1/ops/overview')) asked += 1
  })
  await expect.poll(() => asked, SOON).toBeGreaterThan(0)
  await setHidden(page, true)
  const before = asked
  await page.clock.runFor(60_000)
  // One was perhaps on its way already.
  expect(asked - before).toBeLessThanOrEqual(1)
  const whileHidden = asked
  await setHidden(page, false)
  await expect.poll(() => asked, SOON).toBeGreaterThan(whileHidden)
})

test('[CONSOLE9] a queue is paused and let go on, and single jobs are on the board', async ({
  context,
  page,
  server,
}) => {
  await openOps(page, server)
  await page.getByRole('button', { name: 'Pause replays' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Pause it' }).click()
  await expect(page.getByRole('row', { name: /^replays paused/ })).toBeVisible(SOON)
  await page.getByRole('button', { name: 'Let replays go on' }).click()
  await expect(page.getByRole('button', { name: 'Pause replays' })).toBeVisible(SOON)
  const opened = context.waitForEvent('page')
  await page.getByRole('button', { name: 'Look at single jobs' }).click()
  const board = await opened
  await expect(board).toHaveURL(/\/ops\/queues/)
  await expect(board.getByText('submissions').first()).toBeVisible(SOON)
  await board.close()
})

test('[CONSOLE9] a process is drained once that is confirmed', async ({ page, server }) => {
  await openOps(page, server)
  // One that was killed before is told of for 15 s more.
  await expect(page.getByRole('button', { name: /^Drain/ })).toHaveCount(1, { timeout: 20_000 })
  await page.getByRole('button', { name: /^Drain/ }).click()
  const dialog = page.getByRole('dialog', { name: 'Drain this process?' })
  await expect(dialog).toContainText('If it is the only process, Dateline stops')
  await dialog.getByRole('button', { name: 'Leave it running' }).click()
  await expect(page.getByRole('button', { name: /^Drain/ })).toBeFocused()
  await page.getByRole('button', { name: /^Drain/ }).click()
  await dialog.getByRole('button', { name: 'Drain it' }).click()
  await expect.poll(() => answers(server), SOON).toBe(false)
  await expect(page.getByText(/The numbers are those of/)).toBeVisible(SOON)
  await server.startAgain()
})

for (const colorScheme of ['light', 'dark'] as const) {
  test(`[CONSOLE10] the console has no barriers that axe finds, in ${colorScheme}, and fits the screen`, async ({
    page,
    server,
  }) => {
    const event = await server.client.createEvent({
      ...{ id: `cairo-${Date.now()}`, headline: 'محادثات السلام في القاهرة', inLanguage: 'ar' },
    })
    await postAll(server, event.id, ['اليوم الأول من المفاوضات.'])
    await postDead(server, event.id, ['Dead words.'])
    await page.emulateMedia({ colorScheme })
    await page.goto(`${server.url}/ops`)
    await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible()
    await expectAccessible(page)
    await openOps(page, server)
    await expect(eventRow(page, event.id)).toBeVisible(SOON)
    await expectFits(page)
    await page.getByRole('button', { name: 'Pause all intake' }).click()
    await expectAccessible(page)
    await page.getByRole('button', { name: 'Leave it open' }).click()
    for (const view of ['Dead letters', 'Trail']) {
      await page.getByRole('link', { name: view }).click()
      await expect(page.getByRole('heading', { level: 1 })).toBeFocused()
      await expectFits(page)
    }
    await openOps(page, server, event.id)
    await expect(
      page.getByRole('region', { name: 'Dead letters' }).getByText('Dead words.', { exact: true }),
    ).toBeVisible(SOON)
    const form = page.getByRole('form', { name: 'New replay' })
    await form.getByLabel('Speed').selectOption('step')
    await form.getByRole('button').click()
    await page.getByRole('button', { name: 'Watch here' }).click(SOON)
    await page.getByRole('button', { name: /^Mend and retry/ }).click()
    await expect(page.getByRole('region', { name: 'Gap audit' }).getByText('submissions')).toBeVisible(SOON)
    await expectFits(page)
  })
}

/** The console's first view, or the page of one event. */
async function openOps(page: Page, server: Server, eventId?: string): Promise<void> {
  const place = eventId === undefined ? '' : `&event=${eventId}`
  await page.goto(`${server.url}/ops?${Math.random()}#token=${server.tokenOf('ops,editor')}${place}`)
  const shown = eventId === undefined ? 'Events' : 'Gap audit'
  await expect(page.getByRole('heading', { name: shown })).toBeVisible(SOON)
}

/** Presses Tab until something has the focus; fails when it never has. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  for (let presses = 0; presses < 60; presses++) {
    if (await target.evaluate(element => element === document.activeElement)) return
    await page.keyboard.press('Tab')
  }
  await expect(target).toBeFocused()
}

function eventRow(page: Page, eventId: string) {
  return page.getByRole('row').filter({ hasText: eventId })
}

/** `Talks 1700000000000` for the id that the fixture's event was given. */
function headlineOf(eventId: string): string {
  return eventId.replace('talks-', 'Talks ')
}

async function expectFits(page: Page): Promise<void> {
  await expectAccessible(page)
  const [width = 0, screen = 0] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth])
  expect(width).toBeLessThanOrEqual(screen)
}

async function setHidden(page: Page, isHidden: boolean): Promise<void> {
  await page.evaluate(
    state => {
      Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => state })
      document.dispatchEvent(new Event('visibilitychange'))
    },
    isHidden ? 'hidden' : 'visible',
  )
}

async function answers(server: Server): Promise<boolean> {
  return await fetch(`${server.url}/healthz`).then(
    () => true,
    () => false,
  )
}

async function asOps(server: Server, path: string): Promise<unknown> {
  const answer = await fetch(server.url + path, { headers: { Authorization: `Bearer ${server.tokenOf('ops')}` } })
  return await answer.json()
}
