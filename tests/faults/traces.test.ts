import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { readConfig } from '../../src/foundation/config.ts'
import { Lifecycle } from '../../src/foundation/lifecycle.ts'
import { createLogger } from '../../src/foundation/logger.ts'
import { createTokens } from '../../src/foundation/tokens.ts'
import { NO_TRACING } from '../../src/foundation/tracing.ts'
import { startTracing } from '../../src/main/start-tracing.ts'
import type { GapAudit } from '../../src/protocol/gaps.ts'
import { type DatelinePart, type DatelineProcess, freePort, startDateline } from '../support/dateline-process.ts'
import { type CollectedSpan, startCollector } from '../support/otlp-collector.ts'
import { plainViewer } from '../support/plain-viewer.ts'
import { type RedisServer, startRedisServer } from '../support/redis-server.ts'

const SOON = { timeout: 30_000, interval: 100 }
const secret = randomBytes(32).toString('hex')
const collector = await startCollector()
const cleanups: (() => Promise<unknown> | unknown)[] = [() => collector.stop()]

let redis: RedisServer
let env: Record<string, string>
let api: DatelineProcess

/** Api, worker and two gateways as four processes, all of which send their spans to the collector. */
beforeAll(async () => {
  const dir = await mkdtemp(join(tmpdir(), 'dateline-traces-'))
  cleanups.push(() => rm(dir, { recursive: true, force: true }))
  redis = await startRedisServer({ appendfsync: 'always' })
  cleanups.push(() => redis.stop())
  env = { REDIS_URL: redis.url, JWT_SECRET: secret, DATA_DIR: dir, DRAIN_MS: '0', LOG_LEVEL: 'info' }
  const traced = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url }
  api = await start('api', traced)
  await start('worker', traced)
  const gateways = [await start('gateway', traced), await start('gateway', traced)]
  await post('/v1/events', { id: 'talks', headline: 'Talks' })
  for (const { url } of gateways) {
    const viewer = plainViewer(url, 'talks')
    cleanups.push(() => viewer.close())
    await vi.waitFor(() => expect(viewer.joins).toEqual(['first-visit']), SOON)
  }
}, 90_000)
afterAll(async () => {
  for (const cleanup of cleanups.reverse()) await cleanup()
}, 90_000)

async function start(part: DatelinePart, more: Record<string, string>): Promise<DatelineProcess> {
  const ready = part === 'worker' ? { readyLog: /worker is ready/ } : {}
  const started = await startDateline({ part, env: { ...env, PORT: String(await freePort()), ...more }, ...ready })
  cleanups.push(() => started.stop())
  return started
}

async function asked(path: string, init: RequestInit = {}, at = api.url) {
  const token = await createTokens(secret).sign({ sub: 'erin', name: 'Erin', roles: ['editor', 'ops'] }, '1h')
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...init.headers }
  const answer = await fetch(`${at}${path}`, { ...init, headers })
  if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`)
  return await answer.text()
}

async function post(path: string, body: object, headers: Record<string, string> = {}, at = api.url) {
  return JSON.parse(await asked(path, { method: 'POST', body: JSON.stringify(body), headers }, at))
}

const spansOf = (traceId: string) => collector.spans.filter(span => span.traceId === traceId)
const aTraceId = () => randomBytes(16).toString('hex')

/** The one span of that name in a trace, or the only one of that name below another. */
function the(spans: readonly CollectedSpan[], name: string, below?: CollectedSpan): CollectedSpan {
  const found = spans.filter(span => span.name === name && (below === undefined || span.parentSpanId === below.spanId))
  if (found.length !== 1 || found[0] === undefined) {
    throw new Error(`${found.length} spans ${name} among ${spans.map(span => span.name).join(', ')}`)
  }
  return found[0]
}

describe('a trace', () => {
  it('[TRACE1] follows an update from its POST through queue and worker to the sockets of each gateway', {
    timeout: 60_000,
  }, async () => {
    const traceId = aTraceId()
    const caller = randomBytes(8).toString('hex')
    const headers = { traceparent: `00-${traceId}-${caller}-01`, 'X-Request-Id': 'traced-1' }
    const { acceptNumber, updateId } = await post('/v1/events/talks/updates', { body: 'They shook hands.' }, headers)
    const spans = await vi.waitFor(() => {
      const found = spansOf(traceId)
      expect(found.filter(({ name }) => name === 'fan-out')).toHaveLength(2)
      the(found, 'process submissions')
      the(found, 'POST /v1/events/:eventId/updates')
      return found
    }, SOON)

    const request = the(spans, 'POST /v1/events/:eventId/updates')
    expect(request).toMatchObject({ service: 'dateline-api', parentSpanId: caller, kind: 2 })
    expect(request.attributes).toMatchObject({
      ...{ 'http.request.method': 'POST', 'http.route': '/v1/events/:eventId/updates' },
      ...{ 'http.response.status_code': 202, 'dateline.request_id': 'traced-1' },
    })
    const accept = the(spans, 'accept', request)
    const add = the(spans, 'add submissions.publish', request)
    expect(add).toMatchObject({ service: 'dateline-api', kind: 4 })
    const process = the(spans, 'process submissions', add)
    expect(process).toMatchObject({ service: 'dateline-worker', kind: 5 })
    const normalize = the(spans, 'normalize', process)
    const commit = the(spans, 'commit', process)
    const ids = { 'dateline.event_id': 'talks', 'dateline.accept_number': acceptNumber }
    for (const each of [accept, normalize, commit]) expect(each.attributes).toMatchObject(ids)
    expect(commit.attributes).toMatchObject({
      ...{ 'dateline.update_id': updateId, 'dateline.request_id': 'traced-1' },
      ...{ 'dateline.verdict': 'published', 'dateline.seq': 2 },
    })
    const rooms = spans.filter(span => span.name === 'room')
    expect(new Set(rooms.map(({ attributes }) => attributes['dateline.gateway'])).size).toBe(2)
    for (const room of rooms) {
      expect(room).toMatchObject({ service: 'dateline-gateway', parentSpanId: commit.spanId })
      const fanOut = the(spans, 'fan-out', room)
      expect(fanOut.attributes).toMatchObject({ ...ids, 'dateline.seq': 2, 'dateline.viewers': 1 })
      expect(fanOut.startMs).toBeGreaterThanOrEqual(room.startMs)
      expect(room.startMs).toBeGreaterThan(commit.startMs - 5)
    }
    expect(commit.startMs).toBeGreaterThanOrEqual(normalize.startMs)

    const readers = await asked('/v1/events/talks/entries')
    expect(readers).not.toContain(traceId)
  })

  it('[TRACE1] names the gateways as the audit does', async () => {
    const gateways = await vi.waitFor(async () => {
      const audit = JSON.parse(await asked('/v1/events/talks/gaps')) as GapAudit
      expect(audit.times.reach).toHaveLength(2)
      return audit.times.reach.map(({ gateway }) => gateway)
    }, SOON)
    const traced = collector.spans
      .filter(({ name }) => name === 'room')
      .map(span => span.attributes['dateline.gateway'])
    expect(new Set(traced)).toEqual(new Set(gateways))
  })

  it('[TRACE2] stands in no record that outlives it: not in the outbox, and beside the feed for a minute', async () => {
    const store = new Redis(redis.url)
    cleanups.push(() => store.disconnect())
    const traceId = aTraceId()
    const headers = { traceparent: `00-${traceId}-${randomBytes(8).toString('hex')}-01` }
    const { acceptNumber } = await post('/v1/events/talks/updates', { body: 'They sat down.' }, headers)
    const key = `dl:{talks}:trace:${acceptNumber}`
    await vi.waitFor(async () => expect(await store.get(key)).toContain(traceId), SOON)
    expect(await store.ttl(key)).toBeLessThanOrEqual(60)
    for (const name of ['drafts', 'desk', 'updates', 'outcomes']) {
      expect(JSON.stringify(await store.hgetall(`dl:{talks}:${name}`))).not.toContain(traceId)
    }
  })

  it('[TRACE3] is made by the share that is set, and of a caller who decided against it none', {
    timeout: 60_000,
  }, async () => {
    const unsampled = aTraceId()
    await post(
      '/v1/events/talks/updates',
      { body: 'They rose.' },
      { traceparent: `00-${unsampled}-${randomBytes(8).toString('hex')}-00` },
    )
    const silent = await start('api', { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_TRACES_SAMPLER_ARG: '0' })
    const untraced = { 'X-Request-Id': 'by-share-0' }
    await post('/v1/events/talks/updates', { body: 'They left.' }, untraced, silent.url)
    const traced = aTraceId()
    const headers = { traceparent: `00-${traced}-${randomBytes(8).toString('hex')}-01` }
    await post('/v1/events/talks/updates', { body: 'They flew.' }, headers, silent.url)
    await vi.waitFor(() => the(spansOf(traced), 'process submissions'), SOON)
    await vi.waitFor(() => expect(spansOf(traced).filter(({ name }) => name === 'fan-out')).toHaveLength(2), SOON)
    expect(spansOf(unsampled)).toEqual([])
    const requests = collector.spans.map(span => span.attributes['dateline.request_id'])
    expect(requests).not.toContain('by-share-0')
  })

  it('[TRACE3] begins with a request or a job, not with what queues do by themselves', () => {
    const roots = collector.spans.filter(({ parentSpanId }) => parentSpanId === '')
    expect(roots.filter(({ kind }) => kind === 1)).toEqual([])
  })
})

describe('tracing', () => {
  it('[TRACE4] is off without an endpoint', async () => {
    const log = createLogger('silent', 'test')
    const lifecycle = new Lifecycle(log)
    const config = readConfig({})
    expect(await startTracing({ id: 'x', name: 'api', config, lifecycle, log })).toBe(NO_TRACING)
    expect(() => readConfig({ OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4318' })).toThrow(/OTEL_EXPORTER_OTLP_ENDPOINT/)
    expect(() => readConfig({ OTEL_TRACES_SAMPLER_ARG: '2' })).toThrow(/OTEL_TRACES_SAMPLER_ARG/)
  })

  it('[TRACE5] whose endpoint does not answer holds up nothing, and no stop', { timeout: 60_000 }, async () => {
    const away = await start('everything', { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9', KEY_PREFIX: 'away' })
    await post('/v1/events', { id: 'away', headline: 'Away' }, {}, away.url)
    const answer = await post('/v1/events/away/updates', { body: 'On.' }, { Prefer: 'wait=10' }, away.url)
    expect(answer).toMatchObject({ bodyText: 'On.' })
    await vi.waitFor(() => expect(away.stderr()).toContain('traces: '), SOON)
    const began = Date.now()
    expect(await away.interrupt()).toBe(0)
    expect(Date.now() - began).toBeLessThan(9_000)
    expect(away.stderr()).not.toContain('part did not stop cleanly')
  })
})
