import { type IncomingHttpHeaders, request } from 'node:http'
import { expect } from 'vitest'
import type { Event } from '../../src/protocol/event.ts'
import { type Problem, type ProblemCode, problems } from '../../src/protocol/problems.ts'
import type { Receipt } from '../../src/protocol/submission.ts'
import type { Update } from '../../src/protocol/update.ts'
import { type Person, type TestServer, tokenOf } from './server.ts'

export interface Answer<Body = Record<string, unknown>> {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
  /** The body as it was on the wire. */
  readonly bytes: Buffer
  /** The JSON of `text`; undefined when there is none. */
  readonly body: Body
}

export interface CallOptions {
  /** Whose token is sent, a token as it stands, or null for none. */
  readonly as?: Person | { token: string } | null
  /** Sent as JSON; `raw` is sent as it is. */
  readonly body?: unknown
  readonly raw?: string | Buffer
  readonly headers?: Readonly<Record<string, string>>
}

export type Call = <Body = Record<string, unknown>>(
  method: string,
  path: string,
  options?: CallOptions,
) => Promise<Answer<Body>>

/** One request after the other to one server, each on a connection of its own. The path is sent as it is written. */
export function callsTo(server: TestServer) {
  const call: Call = async (method, path, { as = 'editor', body, raw, headers = {} } = {}) => {
    const sent = raw ?? (body === undefined ? undefined : JSON.stringify(body))
    const token = as === null ? undefined : tokenOf(server, as)
    const { hostname, port } = new URL(server.url)
    return await new Promise((resolve, reject) => {
      const req = request({
        ...{ hostname, port, method, path, agent: false },
        headers: {
          ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
          ...(sent === undefined ? {} : { 'Content-Type': 'application/json' }),
          'Content-Length': Buffer.byteLength(sent ?? ''),
          ...headers,
        },
      })
      req.on('error', reject)
      req.on('response', res => {
        const chunks: Buffer[] = []
        res.on('error', reject)
        res.on('data', (chunk: Buffer) => chunks.push(chunk))
        res.on('end', () => {
          const bytes = Buffer.concat(chunks)
          const text = bytes.toString()
          const isPlain = res.headers['content-encoding'] === undefined
          const isJson = isPlain && /json/.test(res.headers['content-type'] ?? '') && text !== ''
          const parsed = isJson ? JSON.parse(text) : undefined
          resolve({ status: res.statusCode ?? 0, headers: res.headers, text, bytes, body: parsed })
        })
      })
      req.end(sent)
    })
  }

  return {
    call,

    /** Creates an event and answers it. */
    async createEvent(draft: Record<string, unknown> & { id: string }): Promise<Event> {
      const answer = await call<Event>('POST', '/v1/events', { body: { headline: 'Talks in the capital', ...draft } })
      expect(answer.status, answer.text).toBe(201)
      return answer.body
    },

    /** Publishes an update and waits until it is in the feed. */
    async publish(eventId: string, draft: Record<string, unknown> = {}, as: Person = 'editor'): Promise<Update> {
      const answer = await call<Update>('POST', `/v1/events/${eventId}/updates`, {
        as,
        body: { body: 'They shook hands.', ...draft },
        headers: { Prefer: 'wait=10' },
      })
      expect(answer.status, answer.text).toBe(201)
      return answer.body
    },

    /** Changes something that has a version, waits until that is in the feed, and answers what stands then. */
    async change<Body = Update>(
      method: 'PATCH' | 'DELETE',
      path: string,
      version: number,
      body?: unknown,
      as: Person = 'editor',
    ): Promise<Body> {
      const headers = { 'If-Match': `"${version}"`, Prefer: 'wait=10' }
      const answer = await call<Body>(method, path, { as, body, headers })
      expect(answer.status, answer.text).toBe(200)
      return answer.body
    },

    /** Sends what is only accepted, as where no worker runs. */
    async submit(eventId: string, draft: Record<string, unknown> = {}, as: Person = 'editor'): Promise<Receipt> {
      const body = { body: 'They shook hands.', ...draft }
      const answer = await call<Receipt>('POST', `/v1/events/${eventId}/updates`, { as, body })
      expect(answer.status, answer.text).toBe(202)
      return answer.body
    },
  }
}

export interface ExpectedProblem {
  /** A pointer for each error, in order; or its pointer and detail. */
  readonly errors?: readonly (string | readonly [pointer: string, detail: string])[]
  readonly detail?: string
  readonly extra?: Readonly<Record<string, unknown>>
}

/** Expects exactly this problem: status, type, title, retry, requestId, errors, and nothing that it does not name. */
export function expectProblem(answer: Answer<unknown>, code: ProblemCode, expected: ExpectedProblem = {}): void {
  expect(answer.headers['content-type'], answer.text).toMatch(/^application\/problem\+json\b/)
  const problem = answer.body as Problem
  expect(problem, answer.text).toEqual(problemLike(code, expected, problem))
  expect(answer.status).toBe(problems[code].status)
  expect(problem.requestId).toBe(answer.headers['x-request-id'])
  expect(answer.headers['retry-after']).toBe(problems[code].retry ? '1' : undefined)
  expect(answer.headers['cache-control']).toBe('no-store')
  expect(answer.headers['www-authenticate']).toBe(code === 'token-needed' ? 'Bearer realm="dateline"' : undefined)
}

/** The whole of a problem, as a value to compare with; sockets answer it without a requestId. */
export function problemLike(code: ProblemCode, { errors, detail, extra }: ExpectedProblem, given: Problem): object {
  return {
    type: `/problems/${code}`,
    ...problems[code],
    ...('requestId' in given ? { requestId: expect.stringMatching(/./) } : {}),
    detail: detail ?? (errors === undefined ? expect.stringMatching(/^[A-Z].*\.$/s) : 'See errors.'),
    ...extra,
    ...(errors === undefined
      ? {}
      : {
          errors: errors.map(error => {
            const [pointer, told] = typeof error === 'string' ? [error, expect.stringMatching(/./)] : error
            return { pointer, detail: told }
          }),
        }),
  }
}
