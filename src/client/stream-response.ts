import { createParser, type EventSourceMessage } from 'eventsource-parser'
import type { Problem } from '../protocol/problems.ts'
import { isNoDoor } from './problem-error.ts'
import { readProblem } from './received.ts'
import { askedToWaitMs, retryAfterMs } from './repeats.ts'
import type { Loss } from './transport.ts'

export interface EventTaker {
  /** One event; the next one is given when this one is done with. */
  take(event: EventSourceMessage): Promise<void> | void
  /** How long to wait before coming again, in ms, as the server says it. */
  retry(ms: number): void
  /** Something came, if only a sign of life. */
  alive(): void
}

/** Reads an event stream to its end. Rejects when it breaks, or its request is aborted. */
export async function readEvents(response: Response, { take, retry, alive }: EventTaker): Promise<void> {
  const came: (EventSourceMessage | { readonly retryMs: number })[] = []
  const parser = createParser({
    onEvent: event => came.push(event),
    onRetry: retryMs => came.push({ retryMs }),
  })
  for await (const text of textsOf(response)) {
    parser.feed(text)
    for (const next of came.splice(0)) {
      if ('retryMs' in next) retry(next.retryMs)
      else await take(next)
    }
    alive()
  }
}

export type StreamRefusal =
  | { readonly do: 'refuse'; readonly problem: Problem }
  | { readonly do: 'lose'; readonly loss: Loss }

/** Undefined for an event stream. An answer that is not Dateline's says nothing of who may be where. */
export async function refusalOf(response: Response): Promise<StreamRefusal | undefined> {
  const { status, headers } = response
  const type = headers.get('Content-Type') ?? ''
  if (status === 200 && type.startsWith('text/event-stream')) return undefined
  const problem = type.includes('json') ? readProblem(JSON.parse(await response.text())) : undefined
  if (problem !== undefined && !problem.retry && !isNoDoor(problem)) return { do: 'refuse', problem }
  const askedMs = askedToWaitMs(problem) || retryAfterMs(headers.get('Retry-After'), Date.now())
  const why = problem?.detail ?? problem?.title ?? 'Something else than the gateway answered.'
  return { do: 'lose', loss: { how: askedMs > 0 ? 'wait' : 'unreachable', why, askedMs } }
}

async function* textsOf({ body }: Response): AsyncGenerator<string> {
  const reader = body?.getReader()
  const decoder = new TextDecoder()
  while (reader !== undefined) {
    const { done, value } = await reader.read()
    if (done) return
    yield decoder.decode(value, { stream: true })
  }
}
