import { Refusal } from '../foundation/errors.ts'
import { type FeedReader, type Lines, MissingLine } from './feed-reader.ts'

/** So many lines are looked at in one go: others get their turn in between, and memory stays low. */
const PAGE = 500

/** Some lines of a feed, the first of them `firstSeq`. A line that is lost is undefined. */
export interface FeedPage {
  readonly epoch: string
  readonly firstSeq: number
  readonly lines: readonly (string | undefined)[]
}

/**
 * A feed from a seq to its end of the moment when it is reached, page by page; also one that has lost lines. Ends at once
 * where there is no such event. Throws Refusal (unavailable) when the feed is replaced meanwhile.
 */
export async function* walkFeed(reader: FeedReader, eventId: string, afterSeq: number): AsyncGenerator<FeedPage> {
  let seq = afterSeq
  let epoch = ''
  for (;;) {
    const read = await readPage(reader, eventId, { seq, epoch })
    if (read === 'none') {
      if (seq === afterSeq) return
      throw new Refusal('unavailable', 'The feed was replaced while it was read. Ask again.')
    }
    epoch = read.epoch
    if (read.lines.length > 0) yield { epoch, firstSeq: seq + 1, lines: read.lines }
    seq += read.lines.length
    if (read.complete) return
  }
}

type ReadPage = Pick<Lines, 'epoch' | 'complete'> & { readonly lines: readonly (string | undefined)[] }

async function readPage(reader: FeedReader, eventId: string, after: { seq: number; epoch: string }) {
  const lostAt = { seq: 0 }
  const read = await reader.linesAfter(eventId, after, PAGE).catch((error: unknown) => {
    if (!(error instanceof MissingLine)) throw error
    lostAt.seq = error.seq
    return undefined
  })
  if (read !== undefined) return read.found ? read : ('none' as const)
  return await readUpTo(reader, eventId, after, lostAt.seq)
}

/** The lines before one that is lost, and that one as undefined. */
async function readUpTo(
  reader: FeedReader,
  eventId: string,
  after: { seq: number; epoch: string },
  lost: number,
): Promise<ReadPage | 'none'> {
  const before = lost - after.seq - 1
  const read = before === 0 ? undefined : await reader.linesAfter(eventId, after, before)
  if (read?.found === false) return 'none'
  const head = await reader.head(eventId)
  if (head === undefined) return 'none'
  return { epoch: head.epoch, lines: [...(read?.lines ?? []), undefined], complete: head.seq <= lost }
}
