import { once } from 'node:events'
import { createServer } from 'node:http'
import { json } from 'node:stream/consumers'

/** One span, as it was sent. */
export interface CollectedSpan {
  readonly service: string
  readonly name: string
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId: string
  /** As OTLP counts them: 1 internal, 2 server, 4 producer, 5 consumer. */
  readonly kind: number
  /** In ms since 1970. */
  readonly startMs: number
  readonly endMs: number
  readonly attributes: Readonly<Record<string, unknown>>
}

interface OtlpAttribute {
  readonly key: string
  readonly value: Readonly<Record<string, unknown>>
}

interface OtlpTraces {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly OtlpAttribute[] }
    readonly scopeSpans: readonly {
      readonly spans: readonly {
        readonly name: string
        readonly traceId: string
        readonly spanId: string
        readonly parentSpanId?: string
        readonly kind: number
        readonly startTimeUnixNano: string
        readonly endTimeUnixNano: string
        readonly attributes: readonly OtlpAttribute[]
      }[]
    }[]
  }[]
}

/** A small collector of OpenTelemetry: it takes traces by OTLP over HTTP, as JSON, and keeps them. */
export async function startCollector() {
  const spans: CollectedSpan[] = []
  const server = createServer((req, res) => {
    if (req.method !== 'POST' || req.url !== '/v1/traces') return res.writeHead(404).end()
    json(req).then(
      body => {
        spans.push(...readTraces(body as OtlpTraces))
        res.writeHead(200, { 'Content-Type': 'application/json' }).end('{}')
      },
      () => res.writeHead(400).end(),
    )
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return {
    url: `http://127.0.0.1:${address.port}`,
    spans,
    async stop() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

function readTraces({ resourceSpans }: OtlpTraces): CollectedSpan[] {
  return resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const service = String(readAttributes(resource.attributes)['service.name'])
    return scopeSpans.flatMap(({ spans }) =>
      spans.map(
        ({ name, traceId, spanId, parentSpanId = '', kind, startTimeUnixNano, endTimeUnixNano, attributes }) => ({
          ...{ service, name, traceId, spanId, parentSpanId, kind },
          startMs: Number(BigInt(startTimeUnixNano) / 1_000n) / 1_000,
          endMs: Number(BigInt(endTimeUnixNano) / 1_000n) / 1_000,
          attributes: readAttributes(attributes),
        }),
      ),
    )
  })
}

/** Each value is an object with one member, named by its type. */
function readAttributes(attributes: readonly OtlpAttribute[]): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]))
}
