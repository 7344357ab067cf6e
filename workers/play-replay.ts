import type { FeedReader } from '../src/feed/feed-reader.ts'
import { committedAt, type Replays, type RunningReplay } from '../src/feed/replays.ts'
import type { Turns } from '../src/foundation/turns.ts'
import type { ReplayJob } from '../src/queue/replay-queue.ts'
import type { Bell } from './bell.ts'
import { MAX_BATCH, paceOf } from './replay-pace.ts'

export interface PlayNeeds {
  readonly replays: Pick<Replays, 'findRunning' | 'advance'>
  readonly reader: Pick<FeedReader, 'linesAfter'>
  /** Shared by all replays of this process that go as fast as they can. */
  readonly turns: Turns
  /** Rings when the replay was changed, and when this worker stops. */
  readonly bell: Bell
  readonly stopping: AbortSignal
}

export type Played =
  /** The lap is over, or the replay is gone, or this worker stops. */
  | { readonly state: 'left' }
  /** Nothing is due before `lookAgainMs`, unless the replay is changed: nobody need keep it in hand. */
  | { readonly state: 'idle'; readonly seen: RunningReplay; readonly lookAgainMs: number }

/** One that has nothing due for longer than this is put aside, so that those that have something due find a place. */
const HOLD_MS = 5_000
/** It is taken up again so long before it is due. */
const EARLY_MS = 1_000
/** A paused one looks at itself this often, should a word of its change be lost. */
const REST_MS = 60_000

/** Plays a lap. Its place is in Redis, and is moved there before anybody is sent anything: whoever plays on, goes on from it. */
export async function playReplay(needs: PlayNeeds, { eventId, replayId, lap }: ReplayJob): Promise<Played> {
  const { replays, bell, turns, stopping } = needs
  const times = createCommitTimes(needs.reader)
  while (!stopping.aborted) {
    const replay = await replays.findRunning(eventId, replayId)
    if (replay === undefined || replay.lap !== lap) break
    const pace = paceOf(replay, await times.from(replay), Date.now())
    if (pace.do === 'end') break
    if (pace.do === 'send') {
      const advance = () => replays.advance(replay, pace.seq, pace.dueAt, { step: false })
      if (replay.speed === 'max') await turns.take(advance)
      else await advance()
      continue
    }
    const dueInMs = pace.do === 'wait' ? pace.ms : REST_MS
    if (dueInMs <= HOLD_MS + EARLY_MS) await bell.wait(dueInMs)
    else if (!(await bell.wait(HOLD_MS))) {
      return { state: 'idle', seen: replay, lookAgainMs: dueInMs - HOLD_MS - EARLY_MS }
    }
  }
  return { state: 'left' }
}

/** Commit times in ms, read a page ahead: each line is read once, however often the replay is looked at. */
function createCommitTimes(reader: Pick<FeedReader, 'linesAfter'>) {
  let first = 0
  let times: number[] = []

  return {
    /** Of the entry last sent (before the first one: of the first) and of those after it; none where intervals do not count. */
    async from({ eventId, from, to, seq, speed, state }: RunningReplay): Promise<number[]> {
      if (state !== 'running' || typeof speed !== 'number' || seq >= to) return []
      const place = Math.max(seq, from)
      const hasNext = place >= first && Math.min(place + 1, to) < first + times.length
      if (!hasNext) {
        const read = await reader.linesAfter(eventId, { seq: place - 1 }, Math.min(2 * MAX_BATCH, to - place + 1))
        times = read.found ? read.lines.map(committedAt) : []
        first = place
      }
      const known = times.slice(place - first, place - first + MAX_BATCH + 1)
      // Before the first entry there is no interval: it is due at once.
      return seq < from ? [known[0] ?? 0, ...known] : known
    },
  }
}
