import type { Problem } from '../protocol/problems.ts'
import { ProblemError } from './problem-error.ts'
import { readProblem } from './received.ts'
import { askedToWaitMs, judgeFailure, retryAfterMs } from './repeats.ts'
import type { WriteOptions } from './types.ts'

/** A try without an answer after this long, and what it asked to be kept waiting, counts as failed. */
const TRY_TIMEOUT_MS = 20_000

export interface HttpNeeds {
  readonly url: string
  token(): string | undefined
  readonly fetch: typeof fetch
  /** From 0 up to, not including, 1. */
  random(): number
}

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly body: unknown
}

export interface WriteRequest {
  readonly method: 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly path: string
  readonly body?: unknown
  /** Sent as If-Match. */
  readonly version?: number
}

export interface ReadOptions {
  readonly waitSeconds?: number | undefined
  /** A question that does not fit into an address: sent by POST. It changes nothing on the server. */
  readonly question?: unknown
  readonly signal?: AbortSignal | undefined
}

export interface Http {
  /** One try. Rejects with a ProblemError, or as `signal` says. */
  read(path: string, options?: ReadOptions): Promise<Answer>
  /** Tries under one Idempotency-Key for as long as a repeat may help. Rejects with a ProblemError, or as `signal` says. */
  write(request: WriteRequest, options?: WriteOptions): Promise<Answer & { readonly attempts: number }>
}

/** Dateline's HTTP routes (RFC 9110, RFC 9457) by fetch. */
export function createHttp({ url, token, fetch, random }: HttpNeeds): Http {
  async function send(path: string, init: RequestInit, timeoutMs: number): Promise<Answer> {
    const headers = new Headers(init.headers)
    const bearer = token()
    if (bearer !== undefined) headers.set('Authorization', `Bearer ${bearer}`)
    const timeout = AbortSignal.timeout(timeoutMs)
    const signal = init.signal ? AbortSignal.any([init.signal, timeout]) : timeout
    try {
      const response = await fetch(new URL(path, url), { ...init, headers, signal })
      return await readAnswer(response)
    } catch (cause) {
      init.signal?.throwIfAborted()
      throw cause instanceof ProblemError ? cause : new ProblemError(UNREACHABLE, { cause })
    }
  }

  return {
    async read(path, { waitSeconds = 0, question, signal } = {}) {
      const init = {
        // A browser asks again with the ETag it has, rather than show what it kept.
        cache: 'no-cache' as const,
        ...(signal === undefined ? {} : { signal }),
        ...(question === undefined
          ? {}
          : { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(question) }),
      }
      const answer = await send(path, init, TRY_TIMEOUT_MS + waitSeconds * 1_000)
      if (answer.status < 400) return answer
      throw new ProblemError(problemOf(answer), { retryAfterMs: waitAsked(answer) })
    },

    async write(request, { key = newKey(), waitSeconds = 0, signal, onRepeat } = {}) {
      const init = writeInit(request, key, waitSeconds, signal)
      const startedAt = Date.now()
      for (let attempt = 1; ; attempt += 1) {
        signal?.throwIfAborted()
        const outcome = await send(request.path, init, TRY_TIMEOUT_MS + waitSeconds * 1_000).catch(asProblemError)
        if (!(outcome instanceof ProblemError) && outcome.status < 400) return { ...outcome, attempts: attempt }
        const failed = outcome instanceof ProblemError ? outcome : new ProblemError(problemOf(outcome))
        const next = judgeFailure({
          attempt,
          elapsedMs: Date.now() - startedAt,
          problem: failed.problem,
          retryAfterMs: outcome instanceof ProblemError ? 0 : waitAsked(outcome),
          random: random(),
        })
        if (next.do === 'give up') throw failed
        onRepeat?.({ attempt: attempt + 1, inMs: next.inMs, problem: failed.problem })
        await pause(next.inMs, signal)
      }
    },
  }
}

function writeInit(
  { method, body, version }: WriteRequest,
  key: string,
  waitSeconds: number,
  signal: AbortSignal | undefined,
): RequestInit {
  const headers = new Headers({ 'Idempotency-Key': key })
  if (body !== undefined) headers.set('Content-Type', 'application/json')
  if (version !== undefined) headers.set('If-Match', `"${version}"`)
  if (waitSeconds > 0) headers.set('Prefer', `wait=${Math.ceil(waitSeconds)}`)
  return {
    method,
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(signal === undefined ? {} : { signal }),
  }
}

async function readAnswer(response: Response): Promise<Answer> {
  const { status, headers } = response
  const text = await response.text()
  if (text === '') return { status, headers, body: undefined }
  try {
    return { status, headers, body: JSON.parse(text) }
  } catch (cause) {
    // A refusal that is no JSON is a proxy's: its status says enough. A success must be readable.
    if (status >= 400) return { status, headers, body: undefined }
    throw new ProblemError({ ...UNREACHABLE, detail: 'The answer is not JSON.' }, { cause })
  }
}

/** What the answer says, or where it is not Dateline's, what its status means. */
function problemOf({ status, body }: Answer): Problem {
  const problem = readProblem(body)
  if (problem !== undefined) return problem
  const retry = status >= 500 || status === 408 || status === 429
  return { type: 'about:blank', title: `The server answered ${status}`, status, retry }
}

/** Nothing is known of what became of the request: repeating it under its key is safe. */
const UNREACHABLE: Problem = { type: 'about:blank', title: 'Dateline cannot be reached', status: 0, retry: true }

function asProblemError(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error
  throw error
}

/** A problem says it in ms, Retry-After in whole seconds. */
function waitAsked({ headers, body }: Answer): number {
  return askedToWaitMs(readProblem(body)) || retryAfterMs(headers.get('Retry-After'), Date.now())
}

/** 128 random bits. Not randomUUID, which browsers keep from pages that came over plain http. */
function newKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map(byte => byte.toString(16).padStart(2, '0')).join('')
}

/** Rejects as soon as `signal` is aborted. */
export function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason)
    const stop = () => {
      clearTimeout(timer)
      reject(signal?.reason)
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop)
      resolve()
    }, ms)
    signal?.addEventListener('abort', stop, { once: true })
  })
}
