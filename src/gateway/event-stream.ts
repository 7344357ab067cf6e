import { createEventBuffer } from 'better-sse'

/** One event of an event stream (WHATWG HTML, server-sent events). Without a name, browsers call it `message`. */
export interface StreamEvent {
  readonly name?: string
  /** What a browser sends back as Last-Event-ID when it comes again. */
  readonly id?: string
  /** JSON text of one line. */
  readonly json: string
}

/** The bytes of one event, for however many viewers get it. */
export function streamEvent({ name, id, json }: StreamEvent): Buffer {
  const event = createEventBuffer({ serializer: String })
  if (name !== undefined) event.event(name)
  if (id !== undefined) event.id(id)
  return Buffer.from(event.data(json).dispatch().read())
}

/** After how many ms a browser is to connect again. */
export function streamRetry(ms: number): string {
  return createEventBuffer().retry(ms).dispatch().read()
}

/** Nothing for the page, but a sign of life for every proxy on the way. */
export const STREAM_HEARTBEAT = createEventBuffer().comment().dispatch().read()
