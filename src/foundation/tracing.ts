import type { Telemetry } from 'bullmq'

/** What is told of a span beside its name. */
export type SpanAttributes = Readonly<Record<string, string | number | boolean>>

/** A span that was measured before it is told of; times by performance.now. */
export interface MeasuredSpan {
  readonly name: string
  readonly began: number
  readonly ended: number
  readonly attributes: SpanAttributes
  readonly children?: readonly MeasuredSpan[]
}

/** How a request ended. */
export interface RequestEnd {
  /** Its method and the pattern of its route. */
  readonly name: string
  readonly attributes: SpanAttributes
  readonly isFailed: boolean
}

/**
 * Where spans go (OpenTelemetry). What is begun inside of a span belongs to it, also behind an await; a traceparent (W3C Trace
 * Context) carries that on to another process.
 */
export interface Tracing {
  readonly isOn: boolean
  /** Runs `work` as a span; when it throws or rejects, the span says so. `work` may add to what is told of it. */
  span<T>(name: string, attributes: SpanAttributes, work: (add: (attributes: SpanAttributes) => void) => T): T
  /** Runs `inside` as the span of a request from another program, until what it returns is called. */
  request(traceparent: string | undefined, inside: () => void): (end: RequestEnd) => void
  /** Of the span in which this is called; undefined outside of one, and where it is not sampled. */
  traceparent(): string | undefined
  /** Tells of a span that is over, as a child of the one that `traceparent` names. */
  tell(traceparent: string, span: MeasuredSpan): void
  /** For BullMQ, which carries a job's context from the queue to its worker. */
  readonly jobs: Telemetry | undefined
}

/** Tracing that is off: only runs the work. */
export const NO_TRACING: Tracing = {
  isOn: false,
  span: (_name, _attributes, work) => work(() => undefined),
  request(_traceparent, inside) {
    inside()
    return () => undefined
  },
  traceparent: () => undefined,
  tell: () => undefined,
  jobs: undefined,
}
