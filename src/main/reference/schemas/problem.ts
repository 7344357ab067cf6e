import { z } from 'zod'
import { type ProblemCode, type Problem as ProblemType, problems } from '../../../protocol/problems.ts'
import { Count, describes, Number1 } from './describes.ts'

export const PROBLEM_CODES = Object.keys(problems) as ProblemCode[]

export function problemType(code: ProblemCode): string {
  return `/problems/${code}`
}

/** RFC 9457. Members that only some problems have are named as well. */
export const Problem = describes<ProblemType>()(
  z
    .looseObject({
      type: z.enum(PROBLEM_CODES.map(problemType)),
      title: z.string(),
      status: z.int(),
      retry: z.boolean().describe('Whether the same request may succeed later.'),
      detail: z.exactOptional(z.string()),
      requestId: z.exactOptional(z.string()),
      errors: z
        .exactOptional(
          z.array(
            z.strictObject({
              pointer: z.string().describe('Where: a JSON pointer (RFC 6901) as a URI fragment.'),
              detail: z.string(),
            }),
          ),
        )
        .describe('Each thing that is wrong in the request.'),
      acceptNumber: z.exactOptional(Number1).describe('Of `submission-failed`: the submission.'),
      version: z
        .exactOptional(Count)
        .describe('Of `version-mismatch` and `version-needed`: the version that stands now.'),
      reason: z.exactOptional(z.string()).describe('Of `position-unknown`: why.'),
      retryAfterMs: z.exactOptional(Count).describe('Of `too-many`: when to ask again.'),
    })
    .meta({ description: 'Why a request was refused (RFC 9457, application/problem+json).' }),
)
