import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { afterAll, describe, expect, it, vi } from 'vitest'
import { WebSocket } from 'ws'
import type { Replay } from '../../src/protocol/replay.ts'
import { acceptRequest, aFingerprint, updateOf, updateSubmission } from '../support/build.ts'
import { callsTo, expectProblem } from '../support/http.ts'
import { type MetricFamily, parseMetrics, valueIn } from '../support/prometheus.ts'
import { startServer, type TestServer } from '../support/server.ts'
import { viewersOf } from '../support/socket-viewer.ts'

/** The default of COMMIT_HEAD_WAIT_MS. */
const HEAD_WAIT_MS = 2_000

const server = await startServer()
const idle = await startServer({ worker: false })
afterAll(async () => {
  await idle.stop()
  await server.stop()
})
const { call, change, createEvent, publish } = callsTo(server)
const withoutWorker = callsTo(idle)
const { connect } = viewersOf(server)

async function scrape(from: TestServer = server): Promise<Map<string, MetricFamily>> {
  const answer = await callsTo(from).call('GET', '/metrics', { as: 'ops' })
  expect(answer.status, answer.text).toBe(200)
  return parseMetrics(answer.text)
}

/** By how much series have risen since `before`. */
async function risen<Name extends string>(before: Map<string, MetricFamily>, series: Record<Name, string>) {
  const after = await scrape()
  const entries = Object.entries<string>(series).map(([name, each]) => [
    name,
    valueIn(after, each) - valueIn(before, each),
  ])
  return Object.fromEntries(entries) as Record<Name, number>
}

const FIRST = await scrape()

/** What is not counted here but read from Redis, and what is unknown at first. */
const NOT_ZERO = [
  ...['dateline_processes', 'dateline_redis_up', 'dateline_redis_memory_bytes', 'dateline_redis_memory_full_seconds'],
  'dateline_fast_path',
]

describe('the metrics of a process', () => {
  it('[METRIC1] are all there from the start, all their series at zero', () => {
    const ours = [...FIRST.values()].filter(({ name }) => name.startsWith('dateline_'))
    expect(ours.map(({ name }) => name).toSorted()).toEqual([
      'dateline_accept_seconds',
      'dateline_audience',
      'dateline_backup_every_seconds',
      'dateline_backup_time_seconds',
      'dateline_backups_total',
      'dateline_commit_seconds',
      'dateline_dead_letters_total',
      'dateline_drops_total',
      'dateline_fanout_seconds',
      'dateline_fast_path',
      'dateline_http_request_seconds',
      'dateline_http_requests_total',
      'dateline_intake_paused',
      'dateline_joins_total',
      'dateline_late_total',
      'dateline_limited_total',
      'dateline_normalize_seconds',
      'dateline_outbox_oldest_seconds',
      'dateline_outbox_size',
      'dateline_processes',
      'dateline_queue_wait_seconds',
      'dateline_redis_memory_bytes',
      'dateline_redis_memory_full_seconds',
      'dateline_redis_memory_limit_bytes',
      'dateline_redis_up',
      'dateline_replays',
      'dateline_restarts_total',
      'dateline_resyncs_total',
      'dateline_rooms',
      'dateline_submissions_total',
      'dateline_tail_entries',
      'dateline_viewer_writes_total',
      'dateline_viewers',
    ])
    for (const { name, type, series } of ours) {
      expect(name.endsWith('_total'), name).toBe(type === 'counter')
      expect(series.size, name).toBeGreaterThan(0)
      if (!NOT_ZERO.includes(name)) expect([...new Set(series.values())], name).toEqual([0])
    }
    expect(valueIn(FIRST, 'dateline_redis_up')).toBe(1)
    expect(valueIn(FIRST, 'dateline_processes')).toBe(1)
    expect(valueIn(FIRST, 'dateline_redis_memory_bytes')).toBeGreaterThan(0)
    expect(valueIn(FIRST, 'dateline_redis_memory_full_seconds')).toBe(Number.POSITIVE_INFINITY)
  })

  it('[METRIC1] have those of Node and of the process beside them, with the delay of the event loop', () => {
    expect(FIRST.get('nodejs_eventloop_lag_p99_seconds')?.series.size).toBe(1)
    expect(valueIn(FIRST, 'process_resident_memory_bytes')).toBeGreaterThan(0)
  })

  it('[METRIC2] follow each submission by its kind and state, from accept to commit', async () => {
    await createEvent({ id: 'talks' })
    const before = await scrape()
    const { id } = await publish('talks')
    await change('PATCH', `/v1/events/talks/updates/${id}`, 1, { body: 'Better.' })
    await change('DELETE', `/v1/events/talks/updates/${id}`, 2)
    await change('PATCH', '/v1/events/talks', 1, { headline: 'More talks' })
    const submission = (kind: string, state: string) => `dateline_submissions_total{kind="${kind}",state="${state}"}`
    expect(
      await risen(before, {
        acceptedPublish: submission('publish', 'accepted'),
        acceptedEvent: submission('event', 'accepted'),
        published: submission('publish', 'published'),
        revised: submission('revise', 'revised'),
        retracted: submission('retract', 'retracted'),
        applied: submission('event', 'applied'),
        dead: submission('publish', 'dead'),
        accepts: 'dateline_accept_seconds_count',
        waits: 'dateline_queue_wait_seconds_count',
        normalized: 'dateline_normalize_seconds_count',
        commits: 'dateline_commit_seconds_count',
        late: 'dateline_late_total',
      }),
    ).toEqual({
      ...{ acceptedPublish: 1, acceptedEvent: 1, published: 1, revised: 1, retracted: 1, applied: 1, dead: 0 },
      ...{ accepts: 4, waits: 4, normalized: 4, commits: 4, late: 0 },
    })
    expect(valueIn(await scrape(), 'dateline_commit_seconds_sum')).toBeGreaterThan(0)
  })

  it('[METRIC3] count a dead letter, and what was passed over and came in late', async () => {
    const before = await scrape()
    const { committer } = server.store
    const [passed, dead] = [await accepted(), await accepted()]
    const reason = { step: 'test', error: 'broken', attempts: 1, at: new Date().toISOString() }
    const laterOn = new Date(Date.now() + HEAD_WAIT_MS)
    await committer.commit(dead.ref, { kind: 'dead', reason }, laterOn)
    const { submission } = passed
    const words = { desk: { raw: submission.draft, normalization: [] }, fingerprint: aFingerprint(submission) }
    await committer.commit(passed.ref, { kind: 'publish', update: updateOf(submission), ...words }, laterOn)
    expect(
      await risen(before, {
        dead: 'dateline_dead_letters_total',
        ofKind: 'dateline_submissions_total{kind="publish",state="dead"}',
        late: 'dateline_late_total',
        published: 'dateline_submissions_total{kind="publish",state="published"}',
        commits: 'dateline_commit_seconds_count',
      }),
    ).toEqual({ dead: 1, ofKind: 1, late: 1, published: 1, commits: 1 })
  })

  it('[METRIC4] measure the way to the last viewer once for each entry, however many viewers there are', async () => {
    const viewers = await Promise.all([connect(), connect(), connect()])
    const before = await scrape()
    for (const viewer of viewers) await viewer.join('talks')
    await publish('talks')
    await publish('talks')
    const seq = (await server.store.reader.head('talks'))?.seq ?? 0
    for (const viewer of viewers) await viewer.reaches(seq)
    expect(
      await risen(before, {
        fanouts: 'dateline_fanout_seconds_count',
        first: 'dateline_joins_total{result="first-visit"}',
        viewers: 'dateline_viewers',
        rooms: 'dateline_rooms',
      }),
    ).toEqual({ fanouts: 2, first: 3, viewers: 0, rooms: 1 })
    const now = await scrape()
    expect(valueIn(now, 'dateline_viewers')).toBe(3)
    expect(valueIn(now, 'dateline_tail_entries')).toBe(seq)
  })

  it('[METRIC4] tell of replays, and do not measure what was committed long ago', async () => {
    const before = await scrape()
    const { body: replay } = await call<Replay>('POST', '/v1/events/talks/replays', {
      as: 'ops',
      body: { speed: 'step' },
    })
    const viewer = await connect({ as: 'editor' })
    expect(await viewer.ask('join', { eventId: 'talks', replay: replay.id, after: null })).toMatchObject({
      result: 'restarted',
    })
    await vi.waitFor(async () => expect(valueIn(await scrape(), 'dateline_replays')).toBe(1), 5_000)
    await call('PATCH', `/v1/events/talks/replays/${replay.id}`, { as: 'ops', body: { step: true } })
    await vi.waitFor(() => expect(viewer.entries).toHaveLength(1), 5_000)
    await call('DELETE', `/v1/events/talks/replays/${replay.id}`, { as: 'ops' })
    await vi.waitFor(async () => expect(valueIn(await scrape(), 'dateline_replays')).toBe(0), 8_000)
    expect(
      await risen(before, {
        fanouts: 'dateline_fanout_seconds_count',
        resyncs: 'dateline_resyncs_total',
        first: 'dateline_joins_total{result="first-visit"}',
      }),
    ).toEqual({ fanouts: 0, resyncs: 0, first: 1 })
  })

  it('[METRIC5] count joins by their result, and who had to begin anew, with the reason', async () => {
    const viewer = await connect()
    const answer = await viewer.join('talks')
    if (answer.result === 'refused') throw new Error('refused')
    const before = await scrape()
    await viewer.join('talks', answer.position)
    await viewer.join('talks', { ...answer.position, epoch: 'another' })
    await viewer.join('nowhere')
    expect(
      await risen(before, {
        resumed: 'dateline_joins_total{result="resumed"}',
        restarted: 'dateline_joins_total{result="restarted"}',
        refused: 'dateline_joins_total{result="refused"}',
        reason: 'dateline_restarts_total{reason="epoch-changed"}',
      }),
    ).toEqual({ resumed: 1, restarted: 1, refused: 1, reason: 1 })
  })

  it('[METRIC5] count rooms that read what no announcement brought, and viewers that a restored feed restarts', async () => {
    await createEvent({ id: 'lost' })
    const viewer = await connect()
    await viewer.join('lost')
    const before = await scrape()
    await appendUnannounced('lost')
    await viewer.reaches(2)
    const { redis, keys } = server.store
    await redis.hset(keys.event('lost').meta, 'epoch', 'restored')
    await vi.waitFor(() => expect(viewer.notices).toContainEqual(expect.objectContaining({ kind: 'restart' })), 5_000)
    expect(
      await risen(before, {
        resyncs: 'dateline_resyncs_total',
        restarts: 'dateline_restarts_total{reason="epoch-changed"}',
      }),
    ).toEqual({ resyncs: 1, restarts: 1 })
  })

  it('[METRIC5] count viewers that were let go, not those that left', async () => {
    const before = await scrape()
    const viewer = await connect()
    viewer.close()
    const rude = new WebSocket(`${server.url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`)
    await once(rude, 'message')
    rude.send('40')
    await once(rude, 'message')
    const closed = once(rude, 'close')
    rude.send('4{rubbish')
    await closed
    const drops = (reason: string) => `dateline_drops_total{reason="${reason}"}`
    await vi.waitFor(async () => {
      const found = await risen(before, { bad: drops('bad-message'), behind: drops('behind'), silent: drops('silent') })
      expect(found).toEqual({ bad: 1, behind: 0, silent: 0 })
    })
  })

  it('[METRIC6] tell of the outbox though there is no worker', async () => {
    await withoutWorker.createEvent({ id: 'waiting' })
    await withoutWorker.submit('waiting')
    await withoutWorker.submit('waiting')
    const first = await scrape(idle)
    expect(valueIn(first, 'dateline_outbox_size')).toBe(2)
    await vi.waitFor(async () => {
      expect(valueIn(await scrape(idle), 'dateline_outbox_oldest_seconds')).toBeGreaterThan(0.2)
    }, 5_000)
  })
})

describe('the metrics of HTTP', () => {
  it('[METRIC7] go by the pattern of the route, with the class of the status', async () => {
    const before = await scrape()
    await call('GET', '/v1/events/talks')
    await call('HEAD', '/v1/events/talks')
    await call('GET', '/v1/events/nowhere')
    await call('PUT', '/v1/events/talks')
    const requests = (route: string, method: string, status: string) =>
      `dateline_http_requests_total{method="${method}",route="${route}",status="${status}"}`
    const event = '/v1/events/:eventId'
    expect(
      await risen(before, {
        found: requests(event, 'GET', '2xx'),
        notFound: requests(event, 'GET', '4xx'),
        wrongMethod: requests('unknown', 'other', '4xx'),
        timed: `dateline_http_request_seconds_count{method="GET",route="${event}"}`,
      }),
    ).toEqual({ found: 2, notFound: 1, wrongMethod: 1, timed: 3 })
  })

  it('[METRIC7] get no more series from paths, methods and statuses that nobody foresaw', async () => {
    const count = (families: Map<string, MetricFamily>) =>
      [...families.values()]
        .filter(({ name }) => name.startsWith('dateline_'))
        .reduce((sum, { series }) => sum + series.size, 0)
    const methods = ['GET', 'POST', 'PATCH', 'DELETE', 'PUT', 'OPTIONS', 'PROPFIND', 'M-SEARCH']
    for (let i = 0; i < 100; i++) {
      const paths = [
        `/wp-admin/${i}.php`,
        `/v1/events/e${i}`,
        `/assets/${i}.js`,
        `/v1/events/e${i}/updates/u${i}`,
        `/%${i}`,
      ]
      await call(methods[i % methods.length] ?? '', paths[i % paths.length] ?? '', { as: null })
    }
    expect(count(await scrape())).toBe(count(FIRST))
  })
})

describe('GET /metrics on the port of everything else', () => {
  it('[METRIC8] is for the role ops alone', async () => {
    expectProblem(await call('GET', '/metrics', { as: null }), 'token-needed')
    expectProblem(await call('GET', '/metrics', { as: { token: 'rubbish' } }), 'token-needed')
    expectProblem(await call('GET', '/metrics', { as: 'editor' }), 'not-allowed')
    const answer = await call('GET', '/metrics', { as: 'ops' })
    expect(answer.headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8')
    expect(answer.headers['cache-control']).toBe('no-store')
    expect((await call('HEAD', '/metrics', { as: 'ops' })).status).toBe(200)
    const posted = await call('POST', '/metrics', { as: 'ops' })
    expect([posted.status, posted.headers.allow]).toEqual([405, 'GET, HEAD'])
  })
})

/** Accepts an update that no worker hears of. */
async function accepted() {
  const submission = updateSubmission({}, new Date())
  const answer = await server.store.acceptor.accept(acceptRequest(submission), new Date())
  if (answer.result !== 'accepted') throw new Error(answer.result)
  const { eventId, submissionId, updateId } = submission
  return { submission, ref: { eventId, acceptNumber: answer.acceptNumber, submissionId, updateId, sub: 'anna' } }
}

/** Appends an entry as commit.lua does, but tells nobody. */
async function appendUnannounced(eventId: string): Promise<void> {
  const { redis, keys, reader } = server.store
  const { meta, feed } = keys.event(eventId)
  const { seq, chain } = (await reader.head(eventId)) ?? { seq: 0, chain: '' }
  const event = JSON.stringify(await reader.event(eventId))
  const start = `{"seq":${seq + 1},`
  const rest = `"at":"${new Date().toISOString()}","type":"event","acceptNumber":2,"event":${event}}`
  const next = sha1(chain + sha1(start + rest))
  await redis.xadd(feed, `${seq + 1}-0`, 'line', `${start}"chain":"${next}",${rest}`)
  await redis.hset(meta, 'seq', seq + 1, 'chain', next)
}

function sha1(text: string): string {
  return createHash('sha1').update(text).digest('hex')
}
