import { ProblemError } from '../../src/client/problem-error.ts'
import type { DatelineClient } from '../../src/client/types.ts'
import type { Problem } from '../../src/protocol/problems.ts'

/** From when to when something happened in a feed, in ms since 1970. */
export interface Span {
  readonly createdMs: number
  /** The first update was published. */
  readonly firstMs: number
  readonly lastMs: number
}

/** An event may be changed so often before its first update. */
const LOOK_FOR_FIRST = 100

export type SpanReading = { readonly ok: true; readonly span: Span } | { readonly ok: false; readonly problem: Problem }

/** Reads both ends of a feed. */
export async function readSpan(client: DatelineClient, eventId: string): Promise<SpanReading> {
  try {
    const { position } = await client.feed(eventId, { limit: 1 })
    const [start, end] = await Promise.all([
      client.entries(eventId, { limit: LOOK_FOR_FIRST }),
      client.entries(eventId, { after: position.seq - 1, limit: 1 }),
    ])
    const [created] = start.entries
    const first = start.entries.find(entry => entry.type === 'published') ?? created
    const last = end.entries[0] ?? created
    if (created === undefined || first === undefined || last === undefined) return { ok: false, problem: NOTHING }
    const ms = (entry: { at: string }) => Date.parse(entry.at)
    return { ok: true, span: { createdMs: ms(created), firstMs: ms(first), lastMs: ms(last) } }
  } catch (error) {
    if (error instanceof ProblemError) return { ok: false, problem: error.problem }
    throw error
  }
}

const NOTHING: Problem = { type: 'about:blank', title: 'Nothing has happened yet', status: 0, retry: true }
