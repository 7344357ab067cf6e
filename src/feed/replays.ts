import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { readLineHead } from '../protocol/entry.ts'
import { type Replay, type ReplayPatch, ReplaySpeed, replayRoom } from '../protocol/replay.ts'
import type { Keys } from '../redis/keys.ts'
import type { ScriptedRedis } from '../redis/scripts.ts'
import type { StoredEvents } from './archive/stored-events.ts'

/** A replay with what only its worker needs. */
export interface RunningReplay extends Replay {
  /** When its last entry was due, in ms: the next interval counts from there, whoever goes on. Pauses are taken out of it. */
  readonly sentAt: number
}

/** More lines than these that are sent at once are not announced one by one: rooms read them at their own pace. */
const MAX_ANNOUNCED = 20

export type ReplayRange = Pick<Replay, 'from' | 'to' | 'speed' | 'maxSilenceMs'>

export type ChangeAnswer = 'changed' | 'not-found' | 'out-of-range'

export type Replays = ReturnType<typeof createReplays>

/** The replays of events: their state in Redis, changed by scripts alone, so that any worker can go on with any of them. */
export function createReplays(needs: { redis: ScriptedRedis; keys: Keys; stored: StoredEvents }) {
  const { redis, keys, stored } = needs
  async function findRunning(eventId: string, replayId: string): Promise<RunningReplay | undefined> {
    const fields = await redis.hgetall(keys.event(eventId).replay(replayId))
    return fields['state'] === undefined ? undefined : toReplay(eventId, replayId, fields)
  }

  async function find(eventId: string, replayId: string): Promise<Replay | undefined> {
    const running = await findRunning(eventId, replayId)
    return running === undefined ? undefined : withoutSentAt(running)
  }

  return {
    find,
    /** With what its worker needs besides. */
    findRunning,

    async create(eventId: string, range: ReplayRange, now: Date): Promise<Replay> {
      const id = randomBytes(8).toString('hex')
      const event = keys.event(eventId)
      const fields = { ...range, state: 'running', seq: range.from - 1, lap: 1, sentAt: now.getTime() }
      await redis.multi().hset(event.replay(id), toFields(fields)).sadd(event.replays, id).exec()
      return { id, eventId, room: replayRoom(id), ...range, state: 'running', seq: range.from - 1, lap: 1 }
    },

    /** All that stand; the one that last sent, or was last changed, at the end. */
    async list(eventId: string): Promise<Replay[]> {
      const ids = await redis.smembers(keys.event(eventId).replays)
      const found = await Promise.all(ids.map(id => findRunning(eventId, id)))
      const standing = found.filter(replay => replay !== undefined)
      return standing.toSorted((a, b) => a.sentAt - b.sentAt || (a.id < b.id ? -1 : 1)).map(withoutSentAt)
    },

    async change(eventId: string, replayId: string, patch: ReplayPatch, now: Date): Promise<ChangeAnswer> {
      const event = keys.event(eventId)
      const state = patch.step === true ? 'paused' : (patch.state ?? '')
      const { speed = '', seq = '' } = patch
      return ChangeResult.parse(
        await redis.dlChangeReplay(
          event.replay(replayId),
          event.replayControl(replayId),
          now.getTime(),
          state,
          speed,
          seq,
        ),
      )
    },

    /** Ends a replay and forgets it; whoever is in its room is told that it is gone. */
    async remove(eventId: string, replayId: string): Promise<boolean> {
      const event = keys.event(eventId)
      const removed = await redis.del(event.replay(replayId))
      await redis.srem(event.replays, replayId)
      await redis.spublish(event.replayControl(replayId), 'changed')
      return removed === 1
    },

    /** Sends the entries after the one last sent, up to `seq`, dated `sentAt` in ms. False when the replay is no longer where it was seen. */
    async advance(seen: Replay, seq: number, sentAt: number, options: { step: boolean }): Promise<boolean> {
      const event = keys.event(seen.eventId)
      const count = Math.min(seq, seen.to) - seen.seq
      const lines = await stored.useIfStored(seen.eventId, async archive =>
        count > MAX_ANNOUNCED ? [] : archive.lines(seen.seq, count),
      )
      const moved = await redis.dlAdvanceReplay(
        event.replay(seen.id),
        event.feed,
        event.purged,
        event.replayLines(seen.id),
        seen.lap,
        seen.seq,
        seq,
        // Not rounded: at high speeds the fractions add up.
        sentAt.toFixed(3),
        options.step ? 'any' : 'running',
        MAX_ANNOUNCED,
        lines === undefined ? 'feed' : 'stored',
        ...(lines ?? []),
      )
      return moved === 1
    },
  }
}

function withoutSentAt({ sentAt: _, ...replay }: RunningReplay): Replay {
  return replay
}

const ChangeResult = z.enum(['changed', 'not-found', 'out-of-range'])

const Fields = z.object({
  state: z.enum(['running', 'paused', 'ended']),
  from: z.coerce.number(),
  to: z.coerce.number(),
  seq: z.coerce.number(),
  lap: z.coerce.number(),
  sentAt: z.coerce.number(),
  maxSilenceMs: z.coerce.number().optional(),
  speed: z.string().transform(text => ReplaySpeed.parse(text === 'max' || text === 'step' ? text : Number(text))),
})

function toReplay(eventId: string, id: string, fields: Record<string, string>): RunningReplay {
  const { maxSilenceMs, ...rest } = Fields.parse(fields)
  return { id, eventId, room: replayRoom(id), ...rest, ...(maxSilenceMs === undefined ? {} : { maxSilenceMs }) }
}

function toFields(values: Record<string, string | number | undefined>): Record<string, string | number> {
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  )
}

/** When the entry of a line was committed, in ms, read without parsing the line. */
export function committedAt(line: string): number {
  const head = readLineHead(line)
  const at = head === undefined ? undefined : /^\{"seq":\d+,"at":"([^"]+)"/.exec(head.unchained)?.[1]
  if (at === undefined) throw new Error('a line of the feed cannot be read')
  return Date.parse(at)
}
