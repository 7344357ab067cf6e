import { z } from 'zod'
import { InstantInput } from './time.ts'

/** A place in a feed: a seq, or a moment (the entries committed at or after it, or up to it). */
const Place = z.union([z.int().positive(), InstantInput])

/** How fast: 1 keeps the real intervals, 60 makes minutes seconds; `max` knows no intervals; `step` waits for each PATCH. */
export const ReplaySpeed = z.union([z.number().min(0.1).max(1_000), z.enum(['max', 'step'])])
export type ReplaySpeed = z.infer<typeof ReplaySpeed>

/** Body of `POST /v1/events/:id/replays`. */
export const ReplayRequest = z.strictObject({
  /** Default: the first entry. */
  from: Place.default(1),
  /** Default: the last entry of now. */
  to: Place.optional(),
  speed: ReplaySpeed.default(1),
  /** A silence is never kept longer than this, in ms of the replay. */
  maxSilenceMs: z.int().min(0).max(86_400_000).optional(),
})
export type ReplayRequest = z.infer<typeof ReplayRequest>

/** Body of `PATCH /v1/events/:id/replays/:replayId`. A `seq` seeks: it begins a new lap behind that entry's predecessor. */
export const ReplayPatch = z.strictObject({
  state: z.enum(['running', 'paused']).optional(),
  speed: ReplaySpeed.optional(),
  seq: z.int().positive().optional(),
  /** Sends the next entry now, and pauses behind it. */
  step: z.literal(true).optional(),
})
export type ReplayPatch = z.infer<typeof ReplayPatch>

export const ReplayId = z.string().regex(/^[0-9a-f]{16}$/, 'Must be the id of a replay.')

/** One replay as it stands. */
export interface Replay {
  readonly id: string
  readonly eventId: string
  /** Its rehearsal room. */
  readonly room: string
  readonly state: 'running' | 'paused' | 'ended'
  readonly from: number
  readonly to: number
  /** The last entry that was sent; `from - 1` when none was. */
  readonly seq: number
  readonly speed: ReplaySpeed
  readonly maxSilenceMs?: number
  /** Grows with each seek. Viewers see it in the epoch: `<id>:<lap>`. */
  readonly lap: number
}

export function replayRoom(replayId: string): string {
  return `replay:${replayId}`
}

export function replayEpoch({ id, lap }: Pick<Replay, 'id' | 'lap'>): string {
  return `${id}:${lap}`
}
