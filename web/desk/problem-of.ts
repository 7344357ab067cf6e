import { ProblemError } from '../../src/client/problem-error.ts'
import type { Problem } from '../../src/protocol/problems.ts'

/** The problem that a rejected call tells of. */
export function problemOf(error: unknown): Problem {
  if (error instanceof ProblemError) return error.problem
  return { type: 'about:blank', title: 'Something broke in this page', status: 0, retry: false, detail: String(error) }
}
