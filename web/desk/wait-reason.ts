import type { Problem } from '../../src/protocol/problems.ts'

/** Pure: why something has to be sent again. While ops have paused the intake, their reason is what an editor wants to know. */
export function waitReason(problem: Problem | undefined): string {
  if (problem?.type !== '/problems/intake-paused') return `${problem?.title ?? 'No answer yet'}.`
  return `${problem.title}: ${problem.detail ?? ''}`.replace(/([^.!?])$/, '$1.')
}
