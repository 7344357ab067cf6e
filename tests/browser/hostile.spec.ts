import type { BrowserContext, Page } from '@playwright/test'
import type { UpdateDraft } from '../../src/protocol/update.ts'
import { hostileAddresses, hostileHtml, hostileLines, hostileMarkdown } from '../support/hostile-html.ts'
import { expect, openDesk, openViewer, type Server, test } from './server.ts'

declare global {
  interface Window {
    canary?: unknown
  }
}

const withNul = (text: string) => text.includes('\u0000')
const bodies = [...Object.values(hostileHtml).flat(), ...hostileMarkdown].filter(text => !withNul(text))
/** As a new body for the desk's editor: one of each kind. */
const typed = [...Object.values(hostileHtml).map(list => list[0] ?? ''), hostileMarkdown[0] ?? '']

test.describe.configure({ timeout: 180_000 })
test.skip(({ isMobile, hasTouch }) => isMobile || hasTouch, 'the same markup, whatever the width')

for (const bodyFormat of ['html', 'markdown', 'text'] as const) {
  test(`[SAFE4] nothing runs and nothing is fetched, posted as ${bodyFormat}, on the viewer page and at the desk`, async ({
    context,
    page,
    server,
    eventId,
  }) => {
    const alarms = await watchFor(context, server)
    const viewer = page
    const desk = await context.newPage()
    await openViewer(viewer, server, eventId)
    await openDesk(desk, server, eventId)
    const drafts = bodies.map(
      (body): UpdateDraft => ({ body, bodyFormat, media: [{ caption: 'So that none is empty.' }] }),
    )
    await publishAll(server, eventId, drafts)

    // As they came in, then as the server renders them.
    await expect(viewer.locator('.timeline article')).toHaveCount(bodies.length, { timeout: 60_000 })
    await expect(desk.locator('.desk-updates article')).toHaveCount(bodies.length, { timeout: 60_000 })
    await alarms.expectSilence(viewer, desk)
    const shown = await readEveryPage(viewer, server, eventId, () => alarms.expectSilence(viewer))
    expect(shown).toBe(bodies.length)
    await desk.reload()
    await expect(desk.locator('.desk-updates article').first()).toBeVisible()
    await alarms.expectSilence(desk)
    await desk.close()
  })
}

test('[SAFE4] nothing runs from headlines, captions, credits, tags, names, sources, addresses and events', async ({
  context,
  page,
  server,
}) => {
  const alarms = await watchFor(context, server)
  const event = await server.client.createEvent({
    id: 'hostile-lines',
    headline: hostileLines[1] ?? '',
    alternativeHeadline: hostileLines[6] ?? '',
    description: hostileLines.join('\n'),
    keywords: hostileLines.map(line => line.slice(0, 100)),
    summaryPoints: hostileLines.slice(0, 20),
    authors: hostileLines.map(name => ({ name, role: name })),
    publisher: { name: hostileLines[16] ?? '' },
    section: hostileLines[7] ?? '',
    about: { name: hostileLines[0] ?? '', location: hostileLines[9] ?? '', organizer: hostileLines[11] ?? '' },
    image: { caption: hostileLines[3] ?? '', alt: hostileLines[4] ?? '', creditText: hostileLines[5] ?? '' },
  })
  const desk = await context.newPage()
  await openViewer(page, server, event.id)
  await openDesk(desk, server, event.id)
  const drafts = hostileLines.map(
    (line): UpdateDraft => ({
      headline: line,
      body: line,
      bodyFormat: 'text',
      source: line,
      tags: [line],
      authors: [{ name: line, role: line }],
      media: [{ alt: line, caption: line, creditText: line, copyrightHolder: line, creator: line }],
      embeds: [{ provider: line.slice(0, 60), originalId: line }],
      isKeyEvent: true,
      isBreaking: true,
    }),
  )
  await publishAll(server, event.id, drafts)
  let refused = 0
  for (const url of hostileAddresses) {
    const draft: UpdateDraft = {
      body: url,
      bodyFormat: 'text',
      authors: [{ name: 'Ann', url }],
      media: [{ url, caption: url }],
      embeds: [{ provider: 'youtube', url }],
    }
    await server.client.publish(event.id, draft).catch(() => refused++)
  }
  const shown = drafts.length + hostileAddresses.length - refused
  await expect(page.locator('.timeline article')).toHaveCount(shown, { timeout: 30_000 })
  await expect(desk.locator('.desk-updates article')).toHaveCount(shown, { timeout: 30_000 })
  await alarms.expectSilence(page, desk)
  const addresses = await page
    .locator('a')
    .evaluateAll(links => links.map(link => (link as HTMLAnchorElement).protocol))
  expect([...new Set(addresses)].filter(protocol => !/^(?:https?|mailto):$/.test(protocol))).toEqual([])
  await readEveryPage(page, server, event.id, () => alarms.expectSilence(page))
  await page.goto(server.url)
  await expect(page.getByRole('link').first()).toBeVisible()
  await alarms.expectSilence(page)
  await desk.close()
})

test('[SAFE4] nothing runs from what is typed, revised or shown before and after at the desk', async ({
  context,
  page,
  server,
  eventId,
}) => {
  const alarms = await watchFor(context, server)
  await openDesk(page, server, eventId)
  const editor = page.getByRole('form', { name: /update/ })
  for (const format of ['HTML', 'Markdown']) {
    await page.getByLabel(format, { exact: true }).check()
    for (const text of typed) {
      const previewed = page.waitForResponse(/\/normalize$/, { timeout: 1_000 }).catch(() => undefined)
      await editor.getByLabel('Text', { exact: true }).first().fill(text)
      await previewed
    }
    await alarms.expectSilence(page)
  }
})

test('[SAFE5] the HTML is harmless by itself, on a page without any policy; what it was made of is not', async ({
  context,
  page,
  server,
  eventId,
}) => {
  const drafts = bodies.map((body): UpdateDraft => ({ body, bodyFormat: 'html', media: [{ caption: 'One.' }] }))
  await publishAll(server, eventId, drafts)
  const clean: string[] = []
  for (let older: string | undefined, first = true; first || older !== undefined; first = false) {
    const { updates, links } = await server.client.feed(eventId, {
      limit: 200,
      ...(older === undefined ? {} : { older }),
    })
    clean.push(...updates.map(update => update.bodyHtml))
    older = links.older
  }
  expect(clean).toHaveLength(bodies.length)
  const alarms = await watchFor(context, server)
  await page.route('**/blank', route =>
    route.fulfill({ contentType: 'text/html', body: '<!doctype html><main></main>' }),
  )
  await page.goto(`${server.url}/blank`)
  const canaryAfter = (html: readonly string[]) =>
    page.evaluate(async list => {
      const main = document.querySelector('main')
      for (const one of list) {
        main?.insertAdjacentHTML('beforeend', `<div>${one}</div>`)
        await new Promise(resolve => setTimeout(resolve))
      }
      return window.canary === undefined
    }, html)
  expect(await canaryAfter(clean)).toBe(true)
  await alarms.expectSilence(page)
  // The alarm works: what was posted would have run and fetched, had it not been cleaned.
  const raw = [...(hostileHtml['event handlers'] ?? []), ...(hostileHtml['pictures and sound'] ?? [])]
  expect(await canaryAfter(raw)).toBe(false)
  expect(alarms.heard().length).toBeGreaterThan(20)
})

test('[SAFE6] the policy of the pages would stop it, and its report is heard', async ({
  context,
  page,
  server,
  eventId,
}) => {
  const alarms = await watchFor(context, server)
  await openViewer(page, server, eventId)
  await page.evaluate(() =>
    document.body.insertAdjacentHTML('beforeend', '<img src=https://evil.example/i.png onerror=canary=1>'),
  )
  await expect.poll(() => alarms.heard().join('\n')).toMatch(/img-src.*script-src|script-src.*img-src/s)
  expect(await page.evaluate(() => window.canary)).toBeUndefined()
})

interface Alarms {
  heard(): readonly string[]
  expectSilence(...pages: Page[]): Promise<void>
}

/**
 * From now on: reports of a broken content security policy (by event and on the console), errors of scripts, dialogs, and
 * requests that leave the server or that only the hostile strings ask for. Nothing is let out of the machine.
 */
async function watchFor(context: BrowserContext, server: Server): Promise<Alarms> {
  const heard: string[] = []
  await context.exposeFunction('reportViolation', (violation: string) => heard.push(violation))
  await context.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI, sample }) => {
      const report = Reflect.get(window, 'reportViolation') as (violation: string) => void
      report(`violates ${effectiveDirective}: ${blockedURI} ${sample}`)
    })
  })
  const own = new URL(server.url)
  await context.route(
    url => url.host !== own.host,
    route => route.abort(),
  )
  context.on('request', request => {
    const url = new URL(request.url())
    const isOwn = url.host === own.host && !url.pathname.startsWith('/hostile') && url.pathname !== '/x'
    if (!isOwn && url.protocol !== 'data:') heard.push(`requests ${request.url()}`)
  })
  context.on('console', message => {
    if (/Content Security Policy|Refused to/i.test(message.text())) heard.push(`console: ${message.text()}`)
  })
  context.on('weberror', error => heard.push(`error: ${error.error().message}`))
  context.on('dialog', dialog => {
    heard.push(`dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
  return {
    heard: () => heard,
    async expectSilence(...pages) {
      for (const page of pages) expect(await page.evaluate(() => 'canary' in window)).toBe(false)
      expect(heard).toEqual([])
    },
  }
}

async function publishAll({ client }: Server, eventId: string, drafts: readonly UpdateDraft[]): Promise<void> {
  const waiting = [...drafts]
  const publishSome = async () => {
    for (let draft = waiting.shift(); draft !== undefined; draft = waiting.shift()) {
      await client.publish(eventId, draft, { waitSeconds: 10 })
    }
  }
  await Promise.all(Array.from({ length: 8 }, publishSome))
}

/** Goes from the latest page to the oldest, each loaded anew; gives how many updates they showed. */
async function readEveryPage(page: Page, server: Server, eventId: string, check: () => Promise<void>): Promise<number> {
  let shown = 0
  for (let href: string | null = `/events/${eventId}`; href !== null; ) {
    await page.goto(`${server.url}${href}`)
    await expect(page.locator('.status')).toBeAttached()
    shown += await page.locator('.timeline article').count()
    await check()
    const older = page.getByRole('link', { name: 'Older updates' })
    href = (await older.count()) === 0 ? null : await older.getAttribute('href')
  }
  return shown
}
