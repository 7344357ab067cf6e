import { type ProblemCode, problems } from '../../protocol/problems.ts'
import { type JsonSchema, schemaRef } from './json-schemas.ts'
import type { AnswerHeader, Operation } from './operation.ts'
import { problemType } from './schemas/problem.ts'

/** All that a route may refuse with: its own problems, and those that every route of its kind has. */
export function problemsOf({ who, path, query, headers, body, answers, problems: own = [] }: Operation): ProblemCode[] {
  const takesInput = path.includes(':') || query !== undefined || headers !== undefined || body !== undefined
  const codes: ProblemCode[] = [
    ...(takesInput ? (['invalid-request'] as const) : []),
    ...(who === 'everybody' ? [] : (['token-needed'] as const)),
    ...(typeof who === 'string' ? [] : (['not-allowed'] as const)),
    ...(body === undefined ? [] : (['too-large', 'unsupported-type'] as const)),
    ...own,
    ...(['internal', 'unavailable'] as const),
  ]
  return [...new Set(codes)].filter(code => answers[problems[code].status] === undefined)
}

/** One response for each status, which names the problems that have it. */
export function problemResponses(operation: Operation): Readonly<Record<string, JsonSchema>> {
  const codes = problemsOf(operation)
  const statuses = [...new Set(codes.map(code => problems[code].status))]
  return Object.fromEntries(
    statuses.map(status => [
      String(status),
      problemResponse(
        codes.filter(code => problems[code].status === status),
        isCounted(operation),
      ),
    ]),
  )
}

function problemResponse(codes: readonly ProblemCode[], isCounted: boolean): JsonSchema {
  const schema = { ...schemaRef('Problem'), properties: { type: { enum: codes.map(problemType) } } }
  const examples = Object.fromEntries(
    codes.map(code => [code, { value: { type: problemType(code), ...problems[code] } }]),
  )
  return {
    description: codes.map(code => `\`${code}\`: ${problems[code].title}.`).join(' '),
    headers: headerRefs(headersOf(codes, isCounted)),
    content: { 'application/problem+json': { schema, examples } },
  }
}

function headersOf(codes: readonly ProblemCode[], isCounted: boolean): AnswerHeader[] {
  return [
    ...(codes.some(code => problems[code].retry) ? (['Retry-After'] as const) : []),
    ...(codes.includes('token-needed') ? (['WWW-Authenticate'] as const) : []),
    ...(isCounted ? (['RateLimit'] as const) : []),
  ]
}

/** Whether requests are counted, so that their answers tell what is left. */
function isCounted({ answers }: Operation): boolean {
  return Object.values(answers).some(({ headers = [] }) => headers.includes('RateLimit'))
}

/** Every answer has a request id. */
export function headerRefs(given: readonly AnswerHeader[]): JsonSchema {
  const names = ['X-Request-Id', ...given, ...(given.includes('RateLimit') ? ['RateLimit-Policy'] : [])]
  return Object.fromEntries(names.map(name => [name, { $ref: `#/components/headers/${name}` }]))
}
