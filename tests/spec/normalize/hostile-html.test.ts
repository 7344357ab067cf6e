import { describe, expect, it } from 'vitest'
import type { UpdateDraft } from '../../../src/protocol/update.ts'
import { keepSafe, sanitizeForReading } from '../../../workers/normalize/body/html-policy.ts'
import { parseSanitizedHtml, writeHtml } from '../../../workers/normalize/body/html-tree.ts'
import { tidyTree } from '../../../workers/normalize/body/tidy-tree.ts'
import { hostileAddresses, hostileHtml, hostileLines, hostileMarkdown } from '../../support/hostile-html.ts'
import { expectSafe } from './safe-html.ts'
import { normalized } from './submissions.ts'

type Format = NonNullable<UpdateDraft['bodyFormat']>

const withNul = (text: string) => text.includes('\u0000')
const strings = Object.values(hostileHtml).flat()
const formats: readonly Format[] = ['text', 'markdown', 'html']
/** So that a body of which nothing is left is no reason to refuse the draft. */
const media = [{ url: 'https://a.example/b.jpg' }]

/** Every name that can do no harm in a link that pages make of it. */
const WEB_ADDRESS = /^(?:https?:\/\/[^\s"<>]*)?$/

describe('hostile HTML', () => {
  it('[SAFE1] is tried in all its kinds', () => {
    expect(new Set(strings).size).toBe(strings.length)
    expect(strings.length).toBeGreaterThan(400)
  })

  describe.each(Object.entries(hostileHtml))('of the kind: %s', (_kind, list) => {
    it.each(list)('[SAFE1] becomes what cannot run, and stays that: %j', body => {
      const gated = keepSafe(writeHtml(tidyTree(parseSanitizedHtml(sanitizeForReading(body).html))))
      expectSafe(gated)
      for (const bodyFormat of withNul(body) ? [] : formats) expectSafeBody(body, bodyFormat)
    })
  })

  it.each(hostileMarkdown)('[SAFE1] becomes what cannot run, and stays that, as Markdown: %j', body => {
    for (const bodyFormat of formats) expectSafeBody(body, bodyFormat)
  })

  it.each(strings.filter(withNul))('[SAFE2] is refused with a NUL in it: %j', body => {
    for (const bodyFormat of formats) expect(() => normalized({ body, bodyFormat, media })).toThrow(/well-formed/)
  })

  it.each(hostileLines)('[SAFE3] stays text in a line: %j', line => {
    const { update } = normalized({
      headline: line,
      body: line,
      source: line,
      tags: [line],
      authors: [{ name: line, role: line }],
      media: [{ alt: line, caption: line, creditText: line, copyrightHolder: line, creator: line }],
      embeds: [{ provider: line.slice(0, 60), originalId: line }],
    })
    expectSafe(update.bodyHtml)
    for (const { url } of update.embeds) expect(url).toMatch(WEB_ADDRESS)
    for (const { url = '' } of update.media) expect(url).toMatch(WEB_ADDRESS)
  })

  it.each(hostileAddresses)('[SAFE3] is no address that runs: %j', url => {
    for (const draft of [
      { media: [{ url }] },
      { embeds: [{ provider: 'youtube', url }] },
      { body: 'x', authors: [{ name: 'a', url }] },
    ]) {
      let update: ReturnType<typeof normalized>['update']
      try {
        update = normalized(draft).update
      } catch (refusal) {
        expect(String(refusal)).toContain('Must be an absolute http or https URL.')
        continue
      }
      const addresses = [...update.media, ...update.embeds, ...update.authors].flatMap(({ url: one }) => one ?? [])
      for (const address of addresses) expect(new URL(address).protocol).toMatch(/^https?:$/)
    }
  })

  it('[SAFE1] gives links to nothing but the web and mail, whatever is written in them', () => {
    for (const address of hostileAddresses) {
      const body = `<a href="${address.replaceAll('"', '&quot;')}">a</a>`
      expectSafeBody(body, 'html')
    }
  })
})

function expectSafeBody(body: string, bodyFormat: Format): void {
  const { bodyHtml } = normalized({ body, bodyFormat, media }).update
  expectSafe(bodyHtml)
  expect(keepSafe(bodyHtml)).toBe(bodyHtml)
}
