import { readFileSync } from 'node:fs'
import { expect } from 'vitest'
import { type Briefing, readBriefing } from '../../src/main/play/briefing.ts'
import type { NormalizationNote } from '../../src/protocol/normalization.ts'
import type { Update } from '../../src/protocol/update.ts'
import { callsTo } from '../support/http.ts'
import type { TestServer } from '../support/server.ts'

/** One update of a file as readers get it, and how it came about. */
export interface Played {
  readonly key: string
  readonly draft: Briefing['items'][number]['draft']
  readonly update: Update
  readonly notes: readonly NormalizationNote[]
}

/**
 * Posts what a file holds to an event, through the api, the queue and a worker. Each update is in the feed before the next
 * one is sent, so that what steps know of earlier updates is the same each time.
 */
export async function playFile(server: TestServer, file: URL, eventId: string): Promise<Played[]> {
  const { createEvent, publish } = callsTo(server)
  const { event, items } = readBriefing(file.pathname, readFileSync(file), new Date())
  await createEvent({ ...event, id: eventId })
  const played: Played[] = []
  for (const { key, draft } of items) {
    const update = await publish(eventId, { body: undefined, ...draft })
    const desk = await server.store.drafts.update(eventId, update.id)
    played.push({ key, draft, update, notes: desk?.normalization ?? [] })
  }
  const read = await server.store.reader.linesAfter(eventId, { seq: 1 }, 1_000)
  const inFeed = read.found ? read.lines.map(line => (JSON.parse(line) as { update: Update }).update) : []
  expect(inFeed).toEqual(played.map(({ update }) => update))
  return played
}
