import { EMPTY_CHAIN, type Position } from '../protocol/position.ts'
import { type Replay, replayEpoch } from '../protocol/replay.ts'
import type { FeedReader, Lines, NoLines } from './feed-reader.ts'
import { FeedFold } from './fold-feed.ts'
import type { Replays } from './replays.ts'

const PAGE = 1_000

type After = Parameters<FeedReader['linesAfter']>[1]

/**
 * A feed as its replay has come: the same lines under the replay's own epoch, ending with the last one sent. A rehearsal
 * room on this reader keeps all the promises of a live one. The event and its snapshot are as they were at that entry.
 */
export function createReplayReader(needs: {
  reader: FeedReader
  replays: Pick<Replays, 'find'>
  replayId: string
}): FeedReader {
  const { reader, replays, replayId } = needs
  let fold: FeedFold | undefined
  let folding: Promise<unknown> = Promise.resolve()

  async function positionOf(replay: Replay): Promise<Position> {
    const epoch = replayEpoch(replay)
    if (replay.seq === 0) return { epoch, seq: 0, chain: EMPTY_CHAIN }
    const read = await reader.linesAfter(replay.eventId, { seq: replay.seq - 1 }, 1)
    return { epoch, seq: replay.seq, chain: read.found ? read.position.chain : '' }
  }

  async function readPage(eventId: string, after: After, limit: number): Promise<Lines | NoLines> {
    const replay = await replays.find(eventId, replayId)
    if (replay === undefined) return { found: false, why: 'no-event' }
    const epoch = replayEpoch(replay)
    if ((after.epoch ?? '') !== '' && after.epoch !== epoch) return { found: false, why: 'epoch-changed' }
    if (after.seq > replay.seq) return { found: false, why: 'ahead-of-feed' }
    const { chain = '' } = after
    const read = await reader.linesAfter(eventId, { seq: after.seq, chain }, Math.min(limit, replay.seq - after.seq))
    if (!read.found) return read
    return { ...read, epoch, position: { ...read.position, epoch }, complete: read.position.seq === replay.seq }
  }

  /** The next page of one who catches up is asked for while this one is taken: at full speed they have no time to wait. */
  let ahead: { readonly after: Position; readonly limit: number; readonly read: Promise<Lines | undefined> } | undefined

  function readAhead(eventId: string, after: Position, limit: number): void {
    const read = readFullPage(eventId, after, limit)
    read.catch(() => undefined) // whoever comes for it is told
    ahead = { after, limit, read }
  }

  /** A page behind which there is more; undefined when there is none: then it has to be one of the moment it is asked for. */
  async function readFullPage(eventId: string, after: Position, limit: number): Promise<Lines | undefined> {
    const { epoch, seq, chain } = after
    const [replay, read] = await Promise.all([
      replays.find(eventId, replayId),
      reader.linesAfter(eventId, { seq, chain }, limit),
    ])
    const isFull = read.found && read.lines.length === limit
    if (replay === undefined || replayEpoch(replay) !== epoch || replay.seq <= seq + limit || !isFull) return undefined
    return { ...read, epoch, position: { ...read.position, epoch }, complete: false }
  }

  /** The event as it stood at the last entry sent. A seek backwards begins anew. */
  function foldTo(replay: Replay): Promise<FeedFold> {
    // One after the other: two at the same time would take the same lines.
    const next = folding.then(() => continueFold(replay))
    folding = next.catch(() => undefined)
    return next
  }

  async function continueFold({ eventId, seq }: Replay): Promise<FeedFold> {
    const current = fold === undefined || fold.seq > seq ? new FeedFold(eventId) : fold
    while (current.seq < seq) {
      const read = await reader.linesAfter(eventId, { seq: current.seq }, Math.min(PAGE, seq - current.seq))
      if (!read.found) throw new Error(`the feed of ${eventId} is gone: ${read.why}`)
      for (const line of read.lines) current.take(line)
    }
    fold = current
    return current
  }

  return {
    async snapshot(eventId, { limit }) {
      const replay = await replays.find(eventId, replayId)
      if (replay === undefined) return undefined
      // Before the first entry there is no event yet: the room shows it as it was created.
      const shown = { ...replay, seq: Math.max(1, replay.seq) }
      const position = await positionOf(replay)
      const json = (await foldTo(shown)).snapshot(position, limit)
      return json === undefined ? undefined : { json, position }
    },

    async linesAfter(eventId, after, limit): Promise<Lines | NoLines> {
      const wasAsked = ahead?.limit === limit && isSamePlace(ahead.after, after)
      const early = wasAsked ? await ahead?.read : undefined
      ahead = undefined
      const read = early ?? (await readPage(eventId, after, limit))
      if (read.found && !read.complete && read.lines.length === limit) readAhead(eventId, read.position, limit)
      return read
    },

    async head(eventId) {
      const replay = await replays.find(eventId, replayId)
      return replay === undefined ? undefined : positionOf(replay)
    },

    async event(eventId) {
      const replay = await replays.find(eventId, replayId)
      return replay === undefined ? undefined : (await foldTo({ ...replay, seq: Math.max(1, replay.seq) })).event
    },

    update: reader.update,
  }
}

function isSamePlace(one: After, other: After): boolean {
  return one.epoch === other.epoch && one.seq === other.seq && one.chain === other.chain
}
