import {
  type Context,
  context,
  DiagLogLevel,
  diag,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  trace,
} from '@opentelemetry/api'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { resourceFromAttributes } from '@opentelemetry/resources'
import {
  BatchSpanProcessor,
  NodeTracerProvider,
  ParentBasedSampler,
  type Sampler,
  SamplingDecision,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace-node'
import { BullMQOtel } from 'bullmq-otel'
import type { Part } from '../foundation/lifecycle.ts'
import type { Logger } from '../foundation/logger.ts'
import type { MeasuredSpan, Tracing } from '../foundation/tracing.ts'

export interface OtlpTracingNeeds {
  /** Spans go to `<endpoint>/v1/traces` (OTLP over HTTP, as JSON). */
  readonly endpoint: string
  /** The share of traces that are kept, 0 to 1. A request that comes with a traceparent brings its own decision. */
  readonly share: number
  readonly processName: string
  readonly processId: string
  readonly log: Logger
}

const SEND_EVERY_MS = 1_000
/** An endpoint that does not answer for so long is given up for these spans; stopping waits for no longer. */
const SEND_TIMEOUT_MS = 3_000
const TRACER = 'dateline'

/** Tracing with OpenTelemetry. It registers itself for the process: BullMQ finds it there. */
export function startOtlpTracing(needs: OtlpTracingNeeds): Tracing & Part {
  const { endpoint, share, processName, processId, log } = needs
  const warn = (message: string, ...details: unknown[]) => log.warn({ details }, `traces: ${message}`)
  diag.setLogger(
    { error: warn, warn, info: () => undefined, debug: () => undefined, verbose: () => undefined },
    { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true },
  )
  const exporter = new OTLPTraceExporter({
    url: `${endpoint.replace(/\/+$/, '')}/v1/traces`,
    timeoutMillis: SEND_TIMEOUT_MS,
  })
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({
      'service.name': `dateline-${processName}`,
      'service.namespace': 'dateline',
      'service.instance.id': processId,
    }),
    sampler: new ParentBasedSampler({ root: new RootSampler(share) }),
    spanProcessors: [
      new BatchSpanProcessor(exporter, { scheduledDelayMillis: SEND_EVERY_MS, exportTimeoutMillis: SEND_TIMEOUT_MS }),
    ],
  })
  provider.register()
  const tracer = trace.getTracer(TRACER)

  return {
    name: 'traces',
    isOn: true,
    jobs: new BullMQOtel({ tracerName: TRACER }),

    span(name, attributes, work) {
      return tracer.startActiveSpan(name, { attributes }, span =>
        runIn(span, () => work(more => span.setAttributes(more))),
      )
    },

    request(traceparent, inside) {
      const from = contextOf(traceparent)
      const span = tracer.startSpan('request', { kind: SpanKind.SERVER }, from)
      context.with(trace.setSpan(from, span), inside)
      return ({ name, attributes, isFailed }) => {
        span.updateName(name).setAttributes(attributes)
        if (isFailed) span.setStatus({ code: SpanStatusCode.ERROR })
        span.end()
      }
    },

    traceparent() {
      const here = trace.getSpanContext(context.active())
      if (here === undefined || (here.traceFlags & TraceFlags.SAMPLED) === 0) return undefined
      return `00-${here.traceId}-${here.spanId}-01`
    },

    tell(traceparent, span) {
      // The clock of spans is the wall's; durations are those of performance.now.
      tellIn(contextOf(traceparent), span, Date.now() - performance.now())
    },

    async stop() {
      await provider.shutdown()
      trace.disable()
      context.disable()
      diag.disable()
    },
  }

  function tellIn(
    parent: Context,
    { name, began, ended, attributes, children = [] }: MeasuredSpan,
    origin: number,
  ): void {
    const span = tracer.startSpan(name, { attributes, startTime: origin + began }, parent)
    for (const child of children) tellIn(trace.setSpan(parent, span), child, origin)
    span.end(origin + ended)
  }
}

/** Ends the span when `work` has ended, be it behind a promise. */
function runIn<T>(span: Span, work: () => T): T {
  const fail = (error: unknown) => {
    span.setStatus({ code: SpanStatusCode.ERROR, message: error instanceof Error ? error.message : String(error) })
    span.end()
  }
  try {
    const result = work()
    if (result instanceof Promise) {
      result.then(() => span.end(), fail) // who awaits the result is told what it rejects with
      return result
    }
    span.end()
    return result
  } catch (error) {
    fail(error)
    throw error
  }
}

/** The context that a traceparent names (W3C Trace Context, version 00); one that is none begins a trace. */
function contextOf(traceparent: string | undefined): Context {
  const match = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/.exec(traceparent ?? '')
  if (match === null) return ROOT_CONTEXT
  const [, traceId = '', spanId = '', flags = '00'] = match
  return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags: Number.parseInt(flags, 16), isRemote: true })
}

/**
 * A trace begins with a request, or with a job that came without one. What a queue does all the time by itself (looking
 * for jobs, renewing locks) begins none.
 */
class RootSampler implements Sampler {
  readonly #byRatio: TraceIdRatioBasedSampler

  constructor(share: number) {
    this.#byRatio = new TraceIdRatioBasedSampler(share)
  }

  shouldSample(...[parent, traceId, _name, kind]: Parameters<Sampler['shouldSample']>) {
    if (kind === SpanKind.INTERNAL) return { decision: SamplingDecision.NOT_RECORD }
    return this.#byRatio.shouldSample(parent, traceId)
  }

  toString(): string {
    return `RootSampler{${this.#byRatio.toString()}}`
  }
}
