import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, vi } from 'vitest'
import type { Entry } from '../../src/protocol/entry.ts'
import { EMPTY_CHAIN } from '../../src/protocol/position.ts'
import type { EntryPage } from '../../src/protocol/snapshot.ts'
import type { Receipt } from '../../src/protocol/submission.ts'
import { links } from './feed-list.ts'
import type { PlainViewer } from './plain-viewer.ts'

export interface Editor {
  readonly token: string
  readonly apis: readonly string[]
}

/** Posts as an editor's desk does: with one key, to whichever api answers, again until there is an answer. */
export async function send(
  { token, apis }: Editor,
  first: number,
  method: string,
  path: string,
  body: object,
  more: Readonly<Record<string, string>> = {},
): Promise<unknown> {
  const headers = {
    Authorization: `Bearer ${token}`,
    'Content-Type': 'application/json',
    'Idempotency-Key': randomUUID(),
    ...more,
  }
  for (let attempt = 0; attempt < 300; attempt++) {
    const url = `${pick(apis, first + attempt)}${path}`
    const request = { method, headers, body: JSON.stringify(body), signal: AbortSignal.timeout(5_000) }
    const answer = await fetch(url, request).catch(() => undefined) // no answer: unknown is not refused
    if (answer?.ok) return answer.json()
    // 429 and 503 promise that the same may succeed later.
    const isLater = answer === undefined || answer.status === 429 || answer.status === 503
    if (!isLater) throw new Error(`${answer.status}: ${await answer.text()}`)
    await sleep(100)
  }
  throw new Error(`no answer to ${path}`)
}

/** Posts updates at a steady pace until it is told to stop. A slower machine sends fewer, and never more than that. */
export async function typeSteadily(
  editor: Editor,
  eventId: string,
  perSecond: number,
  until: AbortSignal,
): Promise<Receipt[]> {
  const began = performance.now()
  const posts: Promise<Receipt>[] = []
  while (!until.aborted) {
    const due = ((performance.now() - began) / 1_000) * perSecond
    while (posts.length < due) {
      const body = { body: `Update ${posts.length + 1}.` }
      posts.push(send(editor, posts.length, 'POST', `/v1/events/${eventId}/updates`, body) as Promise<Receipt>)
    }
    await sleep(10)
  }
  return await Promise.all(posts)
}

/** All entries of an event, from the first of the apis. */
export async function readFeed({ apis }: Pick<Editor, 'apis'>, eventId: string): Promise<Entry[]> {
  const entries: Entry[] = []
  for (;;) {
    const answer = await fetch(`${pick(apis, 0)}/v1/events/${eventId}/entries?limit=1000&after=${entries.length}`)
    const page = (await answer.json()) as EntryPage
    entries.push(...page.entries)
    if (page.complete) return entries
  }
}

/** Numbers without a hole, a chain that links, every accepted update in it once, in accept order but for the late ones. */
export function expectWholeFeed(entries: readonly Entry[], receipts: readonly Receipt[]): void {
  expect(entries.map(entry => entry.seq)).toEqual(entries.map((_, i) => i + 1))
  let chain = EMPTY_CHAIN
  for (const entry of entries) {
    expect(links(chain, entry)).toBe(true)
    chain = entry.chain
  }
  const published = entries.flatMap(entry => (entry.type === 'published' || entry.type === 'revised' ? [entry] : []))
  const asAccepted = receipts.map(({ acceptNumber, updateId }) => `${acceptNumber} ${updateId}`)
  const inFeed = published.map(({ acceptNumber, update }) => `${acceptNumber} ${update.id}`)
  expect(inFeed.toSorted()).toEqual(asAccepted.toSorted())
  const inTurn = published.filter(entry => entry.late !== true).map(entry => entry.acceptNumber)
  expect(inTurn).toEqual(inTurn.toSorted((a, b) => a - b))
}

/** The viewer was given all of the feed after where it came in (but for what a snapshot stood for), once and in order. */
export async function expectSameFeed(viewer: PlainViewer, entries: readonly Entry[], withinMs = 20_000): Promise<void> {
  await vi.waitFor(() => expect(viewer.position?.seq).toBe(entries.length), withinMs)
  expect(viewer.faults).toEqual([])
  const given = entries
    .slice(viewer.firstSeq ?? 0)
    .filter(({ seq }) => !viewer.missed.some(({ from, to }) => seq > from && seq <= to))
  expect(viewer.entries).toEqual(given)
}

export function pick<T>(from: readonly T[], i: number): T {
  const picked = from[i % from.length]
  if (picked === undefined) throw new Error('nothing to pick from')
  return picked
}
