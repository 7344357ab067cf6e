import type { z } from 'zod'
import type { ProblemError } from '../protocol/problems.ts'
import { Refusal } from './errors.ts'

/** A refusal names no more faults than this: a body of 64 KB may have thousands. */
export const MAX_ERRORS = 100

/** What came through a door, as the schema says, or a Refusal that names its faults and where they are. */
export function accept<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const tooLarge = parsed.error.issues.some(issue => issue.code === 'custom' && issue.params?.['tooLarge'] === true)
  const errors = parsed.error.issues.flatMap(toErrors).slice(0, MAX_ERRORS)
  throw new Refusal(tooLarge ? 'too-large' : 'invalid-request', 'See errors.', { extra: { errors } })
}

function toErrors(issue: z.core.$ZodIssue): ProblemError[] {
  if (issue.code !== 'unrecognized_keys') return [{ pointer: toPointer(issue.path), detail: issue.message }]
  return issue.keys.map(key => ({ pointer: toPointer([...issue.path, key]), detail: 'This field is not known.' }))
}

/** RFC 6901 JSON pointer as a URI fragment. What is not well-formed Unicode in a name has no encoding: it becomes U+FFFD. */
function toPointer(path: readonly PropertyKey[]): string {
  const parts = path.map(part =>
    encodeURIComponent(wellFormed(String(part)).replaceAll('~', '~0').replaceAll('/', '~1')),
  )
  return `#${parts.map(part => `/${part}`).join('')}`
}

function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '\uFFFD')
}
