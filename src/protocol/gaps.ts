import type { SubmissionState } from './submission.ts'

/** How long a step took, in ms, over the submissions of which it is known; `count` is how many those are. */
export interface StepTimes {
  readonly count: number
  readonly p50: number
  readonly p95: number
  readonly p99: number
  readonly max: number
}

/** How far accepting has come with one number: `waiting` has not ended, `missing` is nowhere. */
export type TrailState = Exclude<SubmissionState, 'accepted'> | 'waiting' | 'missing'

/** One accept number: where it went, and how long it took there, in ms; null where it is not known. */
export interface AcceptTrail {
  readonly acceptNumber: number
  readonly state: TrailState
  /** Of its entry. */
  readonly seq: number | null
  readonly chain: string | null
  readonly late: boolean
  readonly doubled: boolean
  readonly acceptedAt: string | null
  /** How long accepting took. */
  readonly acceptMs: number | null
  readonly normalizeMs: number | null
  /** From accept to commit. */
  readonly commitMs: number | null
  /** From accept to the sockets of each gateway that had viewers of it. */
  readonly reach: readonly { readonly gateway: string; readonly ms: number }[]
}

/** `GET /v1/events/:id/gaps`: what became of every accept number of an event, and whether its feed is whole. */
export interface GapAudit {
  readonly eventId: string
  readonly accepted: number
  readonly entries: number
  /** How many accept numbers ended in each state; `waiting` have not ended. */
  readonly states: Readonly<Record<string, number>>
  /** Accept numbers that are nowhere: the first 1,000 of `totals.missing`. */
  readonly missing: readonly number[]
  /** Accept numbers that stand in more than one entry; the first 1,000. */
  readonly doubled: readonly number[]
  /** Accept numbers that entered late; the first 1,000. */
  readonly late: readonly number[]
  readonly totals: { readonly missing: number; readonly doubled: number; readonly late: number }
  /** The first seq whose chain does not follow, or null: complete, in order, unaltered. */
  readonly brokenAt: number | null
  /** From accept to end, in ms; null where nothing ended. */
  readonly acceptToEndMs: Omit<StepTimes, 'count'> | null
  /** Of the newest submissions, as far back as times are kept; null where nothing was measured. */
  readonly times: {
    readonly accept: StepTimes | null
    readonly normalize: StepTimes | null
    readonly commit: StepTimes | null
    /** By gateway: the first 8 characters of its process id. */
    readonly reach: readonly (StepTimes & { readonly gateway: string })[]
  }
  /** A page of numbers, the newest first. */
  readonly numbers: readonly AcceptTrail[]
}
