import { hash, randomUUID } from 'node:crypto'
import type { Redis } from 'ioredis'
import { keysFor } from '../src/redis/keys.ts'

const EVENT_ID = 'briefing'
const BATCH = 1_000
const WORDS = `The ministers met for three hours behind closed doors. A statement is expected before the evening, and
the delegations will stay in the city until the talks are over, a spokesperson said.`

/** What was written: where it is, and how large its lines are. */
export interface LongFeed {
  readonly eventId: string
  /** Of the stream itself. */
  readonly stream: string
  readonly lineBytes: number
}

/**
 * A feed of so many entries, straight into its keys: its lines, numbers and chain are those that commit.lua would write, an
 * entry a second. Only what a replay reads is there. (Posting 100,000 updates would take minutes.)
 */
export async function writeLongFeed(redis: Redis, keyPrefix: string, entries: number): Promise<LongFeed> {
  const keys = keysFor(keyPrefix).event(EVENT_ID)
  const began = Date.parse('2026-11-24T08:00:00.000Z')
  let chain = '0'.repeat(40)
  let bytes = 0
  let at = ''
  for (let from = 1; from <= entries; from += BATCH) {
    const batch = redis.pipeline()
    for (let seq = from; seq < Math.min(from + BATCH, entries + 1); seq++) {
      at = new Date(began + seq * 1_000).toISOString()
      const rest = `"at":"${at}",${seq === 1 ? eventEnd(at) : updateEnd(seq, at)}}`
      chain = hash('sha1', chain + hash('sha1', `{"seq":${seq},${rest}`))
      const line = `{"seq":${seq},"chain":"${chain}",${rest}`
      bytes += line.length
      batch.xadd(keys.feed, `${seq}-0`, 'line', line)
    }
    await batch.exec()
  }
  const numbers = { accepted: entries, head: entries, seq: entries, eventVersion: 1 }
  await redis.hset(keys.meta, { epoch: randomUUID(), chain, at, status: 'live', ...numbers })
  return { eventId: EVENT_ID, stream: keys.feed, lineBytes: Math.round(bytes / entries) }
}

function eventEnd(at: string): string {
  const event = {
    ...{ id: EVENT_ID, headline: 'Talks in the capital', status: 'live', coverageStartTime: at, timeZone: 'UTC' },
    ...{ inLanguage: 'en', authors: [], keywords: [], pinnedUpdateId: null, summaryPoints: [], visibility: 'public' },
    ...{ version: 1, datePublished: at, dateModified: at },
  }
  return `"type":"event","acceptNumber":1,"event":${JSON.stringify(event)}`
}

function updateEnd(seq: number, at: string): string {
  const text = `${WORDS} ${seq}`
  const update = {
    ...{ id: randomUUID(), eventId: EVENT_ID, version: 1, type: 'text', bodyHtml: `<p>${text}</p>`, bodyText: text },
    ...{ datePublished: at, dateModified: at, happenedAt: at, sortTime: at },
    ...{ isKeyEvent: false, isBreaking: false, isSummary: false, authors: [{ name: 'Editor' }] },
    ...{ media: [], embeds: [], tags: [], inLanguage: 'en', corrections: [] },
  }
  return `"type":"published","acceptNumber":${seq},"update":${JSON.stringify(update)}`
}
