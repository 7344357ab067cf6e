import { execFileSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { AxeBuilder } from '@axe-core/playwright'
import { test as base, expect, type Locator, type Page } from '@playwright/test'
import { createClient } from '../../src/client/client.ts'
import type { DatelineClient } from '../../src/client/types.ts'
import { type DatelineProcess, freePort, startDateline } from '../support/dateline-process.ts'

const TOKEN_COMMAND = fileURLToPath(new URL('../../dist/src/main/token.js', import.meta.url))

/** One Dateline with a private Redis, for all tests of a Playwright worker. */
export interface Server {
  readonly url: string
  readonly dataDir: string
  readonly token: string
  /** Somebody else's, with one role. */
  tokenOf(role: 'contributor' | 'ops' | 'ops,editor', onlyEvent?: string): string
  /** Writes as an editor would by other means than the desk. */
  readonly client: DatelineClient
  kill9(): Promise<void>
  /** At the same address, with the data that was there. */
  startAgain(): Promise<void>
}

export const test = base.extend<{ eventId: string }, { server: Server }>({
  server: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixture's needs from this pattern.
    async ({}, use) => {
      const dataDir = await mkdtemp(join(tmpdir(), 'dateline-browser-'))
      const env = { DATA_DIR: dataDir, PORT: String(await freePort()), LOG_LEVEL: 'warn' }
      let running: DatelineProcess = await startDateline({ part: 'everything', env })
      const { url } = running
      const token = printToken(dataDir)
      const client = createClient({ url, token })
      await use({
        url,
        dataDir,
        token,
        tokenOf: (role, onlyEvent) => printToken(dataDir, role, onlyEvent),
        client,
        kill9: () => running.kill9(),
        async startAgain() {
          running = await startDateline({ part: 'everything', env })
        },
      })
      client.close()
      await running.stop()
      await rm(dataDir, { recursive: true, force: true })
    },
    { scope: 'worker' },
  ],
  eventId: async ({ server }, use) => {
    const event = await server.client.createEvent({ headline: `Talks ${Date.now()}`, timeZone: 'Europe/Moscow' })
    await use(event.id)
  },
})

function printToken(dataDir: string, role = 'editor', onlyEvent?: string): string {
  const env = { ...process.env, DATA_DIR: dataDir }
  const limits = onlyEvent === undefined ? [] : ['--events', onlyEvent]
  return execFileSync(process.execPath, [TOKEN_COMMAND, '--role', role, ...limits], { env, encoding: 'utf8' }).trim()
}

/** Posts plain texts in order, each published before the next. */
export async function postAll(server: Server, eventId: string, texts: readonly string[]): Promise<void> {
  for (const body of texts) await server.client.publish(eventId, { body }, { waitSeconds: 5 })
}

export async function openViewer(page: Page, server: Server, eventId: string): Promise<void> {
  await page.goto(`${server.url}/events/${eventId}`)
  await expect(page.locator('.status')).toHaveText('Live')
}

export async function openDesk(page: Page, server: Server, eventId: string): Promise<void> {
  await page.goto(`${server.url}/desk#token=${server.token}&event=${eventId}`)
  await expect(page.locator('.desk-feed .status')).toHaveText('Live')
}

/** The texts of the viewer page's timeline, as they stand from top to bottom. */
export function texts(page: Page) {
  return page.locator('.timeline .update-body')
}

/** The desk's own controls, by the names that their users know them by. */
export function desk(page: Page) {
  const editor = page.getByRole('form', { name: /update/ })
  return {
    headline: editor.getByLabel('Headline (optional)'),
    text: editor.getByLabel('Text', { exact: true }).first(),
    post: () => page.keyboard.press('Control+Enter'),
    deed: (name: RegExp) => page.locator('.desk-updates').getByRole('button', { name }),
    states: page.locator('.submission-state'),
  }
}

/** Fails on anything that axe finds wrong (WCAG 2 A and AA, best practices). */
export async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze()
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(node => node.html).join(' ')}`)).toEqual([])
}

export { expect, type Locator, type Page }
