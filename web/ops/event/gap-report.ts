/**
 * `GET /v1/events/:id/gaps`: what the console shows of it. `missing`, `doubled` and `late` are accept numbers; `brokenAt` is
 * the first seq whose chain does not follow.
 */
export interface GapReport {
  readonly accepted: number
  readonly entries: number
  readonly states: Readonly<Record<string, number>>
  readonly missing: readonly number[]
  readonly doubled: readonly number[]
  readonly late: readonly number[]
  readonly brokenAt: number | null
  readonly acceptToEndMs: {
    readonly p50: number
    readonly p95: number
    readonly p99: number
    readonly max: number
  } | null
}
