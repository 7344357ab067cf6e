import { type BackOff, backOffMs } from './back-off.ts'
import { pause } from './http.ts'
import { ProblemError } from './problem-error.ts'

const READ_AGAIN: BackOff = { baseMs: 1_000, capMs: 15_000 }

export type Reading<T> =
  | { readonly did: 'read'; readonly value: T }
  | { readonly did: 'refused'; readonly error: ProblemError }
  | { readonly did: 'abort' }

export interface Patience {
  readonly signal: AbortSignal
  /** From 0 up to, not including, 1. */
  random(): number
  /** Told before each wait. */
  onWait(wait: { attempt: number; retryInMs: number; why: string }): void
}

/** Asks for as long as a repeat may help. Rejects only with what is no problem of the server or the network. */
export async function readPatiently<T>(ask: () => Promise<T>, needs: Patience): Promise<Reading<T>> {
  const { signal, random, onWait } = needs
  for (let attempt = 1; ; attempt += 1) {
    const [asked] = await Promise.allSettled([ask()])
    if (signal.aborted) return { did: 'abort' }
    if (asked.status === 'fulfilled') return { did: 'read', value: asked.value }
    const error: unknown = asked.reason
    if (!(error instanceof ProblemError)) throw error
    if (!error.problem.retry) return { did: 'refused', error }
    const retryInMs = error.retryAfterMs + backOffMs(READ_AGAIN, attempt, random())
    onWait({ attempt, retryInMs, why: error.message })
    await Promise.allSettled([pause(retryInMs, signal)])
    if (signal.aborted) return { did: 'abort' }
  }
}
