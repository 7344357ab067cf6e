import { afterAll, describe, expect, it } from 'vitest'
import { startServer } from '../support/server.ts'
import { type Played, playFile } from './play-samples.ts'

// After a change of a step: npx vitest run tests/golden -u, and read the difference.

const server = await startServer()
afterAll(() => server.stop())

const sample = (name: string) => new URL(`../../samples/${name}`, import.meta.url)

/** What does not depend on when it was played, and not what is as everywhere. */
function golden({ key, update, notes }: Played) {
  const { headline, headlineDerived, type, bodyHtml, bodyText, happenedAt, inLanguage, media, embeds, tags } = update
  const flags = (['isKeyEvent', 'isBreaking', 'isSummary'] as const).filter(flag => update[flag])
  return {
    ...{ key, type, headline, headlineDerived, bodyHtml, bodyText, happenedAt, inLanguage },
    ...(flags.length === 0 ? {} : { flags }),
    ...(media.length === 0 ? {} : { media }),
    ...(embeds.length === 0 ? {} : { embeds }),
    ...(tags.length === 0 ? {} : { tags }),
    notes: notes.map(note => JSON.parse(timeless(JSON.stringify(note)))),
  }
}

/** Notes tell when an update was accepted. */
function timeless(note: string): string {
  return note
    .replace(/ (?:just now|\d+ s ago)/g, ' a moment ago')
    .replace(/(?<="before":"happenedAt: )[\d-]+T[\d:.]+Z/, 'the accept')
}

describe('what readers get of', () => {
  it.each([
    ['lindhaven-summit.ndjson', 'summit', 48],
    ['lindhaven-article.txt', 'article-text', 5],
    ['lindhaven-article.html', 'article-html', 3],
  ])('[GOLDEN1] %s through the api, the queue and a worker is as it was written down', async (name, eventId, count) => {
    const played = await playFile(server, sample(name), eventId)
    expect(played).toHaveLength(count)
    const text = `${JSON.stringify(played.map(golden), undefined, 2)}\n`
    await expect(text).toMatchFileSnapshot(`./${name}.golden`)
  })
})
