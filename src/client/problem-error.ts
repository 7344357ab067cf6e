import { type Problem, type ProblemCode, problems } from '../protocol/problems.ts'

/** What a refused call rejects with, and one that never reached Dateline (status 0, `retry: true`). */
export class ProblemError extends Error {
  override readonly name = 'ProblemError'
  /** RFC 9457 problem details, as Dateline sent them. */
  readonly problem: Problem
  /** Undefined when the answer was not Dateline's own: a proxy's, or none at all. */
  readonly code: ProblemCode | undefined
  /** The server asks not to come again before so many ms; 0 where it does not say. */
  readonly retryAfterMs: number

  constructor(problem: Problem, options: { cause?: unknown; retryAfterMs?: number } = {}) {
    super(problem.detail ?? problem.title, 'cause' in options ? { cause: options.cause } : {})
    this.problem = problem
    this.retryAfterMs = options.retryAfterMs ?? 0
    const code = problem.type.replace('/problems/', '')
    this.code = isProblemCode(code) ? code : undefined
  }
}

/**
 * Whether Dateline has nothing at this address: not that there is no such event, but that this door is elsewhere, as that
 * of polls is not where only a gateway is.
 */
export function isNoDoor({ type }: Problem): boolean {
  return type === '/problems/not-found' || type === '/problems/method-not-allowed'
}

function isProblemCode(text: string): text is ProblemCode {
  return Object.hasOwn(problems, text)
}
