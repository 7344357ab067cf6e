import { type Problem, type ProblemCode, problems } from '../protocol/problems.ts'

/** An expected refusal. Anything that is not a Refusal is a bug and becomes `internal`. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly code: ProblemCode
  readonly extra: Readonly<Record<string, unknown>>
  /** When to ask again, where that is known better than `soon`. */
  readonly retryAfterSeconds: number | undefined

  constructor(code: ProblemCode, detail: string, options: RefusalOptions = {}) {
    super(detail, options.cause === undefined ? {} : { cause: options.cause })
    this.code = code
    this.extra = options.extra ?? {}
    this.retryAfterSeconds = options.retryAfterSeconds
  }
}

export interface RefusalOptions {
  readonly cause?: unknown
  readonly extra?: Readonly<Record<string, unknown>>
  readonly retryAfterSeconds?: number
}

/** The one mapper from an error to RFC 9457 problem details. It never shows what is not a Refusal. */
export function toProblem(error: unknown, requestId?: string): Problem {
  const known = error instanceof Refusal
  const code: ProblemCode = known ? error.code : 'internal'
  const { status, title, retry } = problems[code]
  return {
    type: `/problems/${code}`,
    title,
    status,
    retry,
    ...(requestId === undefined ? {} : { requestId }),
    ...(known ? { detail: error.message, ...error.extra } : {}),
  }
}
