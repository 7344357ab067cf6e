import type { z } from 'zod'
import type { ProblemError } from '../protocol/problems.ts'
import { Refusal } from './errors.ts'

/** What came through a door, as the schema says, or a Refusal that names each fault and where it is. */
export function accept<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const tooLarge = parsed.error.issues.some(issue => issue.code === 'custom' && issue.params?.['tooLarge'] === true)
  const errors = parsed.error.issues.flatMap(toErrors)
  throw new Refusal(tooLarge ? 'too-large' : 'invalid-request', 'See errors.', { extra: { errors } })
}

function toErrors(issue: z.core.$ZodIssue): ProblemError[] {
  if (issue.code !== 'unrecognized_keys') return [{ pointer: toPointer(issue.path), detail: issue.message }]
  return issue.keys.map(key => ({ pointer: toPointer([...issue.path, key]), detail: 'This field is not known.' }))
}

/** RFC 6901 JSON pointer as a URI fragment. */
function toPointer(path: readonly PropertyKey[]): string {
  const parts = path.map(part => encodeURIComponent(String(part).replaceAll('~', '~0').replaceAll('/', '~1')))
  return `#${parts.map(part => `/${part}`).join('')}`
}
