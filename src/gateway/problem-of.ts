import { Refusal, toProblem } from '../foundation/errors.ts'
import { isOutage } from '../foundation/http/answer-problem.ts'

/** What a viewer is told of an error: a store that does not answer may answer later. */
export function problemOf(error: unknown) {
  if (error instanceof Refusal || !isOutage(error)) return toProblem(error)
  return toProblem(new Refusal('unavailable', 'The store does not answer. Try again.', { cause: error }))
}
