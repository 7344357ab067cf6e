import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { afterEach, expect, it, vi } from 'vitest'
import { createTokens } from '../../src/foundation/tokens.ts'
import type { AllDeadLettersPage, DeadLetterPage, Retried } from '../../src/protocol/ops.ts'
import type { EntryPage } from '../../src/protocol/snapshot.ts'
import type { Receipt } from '../../src/protocol/submission.ts'
import { keysFor } from '../../src/redis/keys.ts'
import { startDateline } from '../support/dateline-process.ts'
import { startRedisServer } from '../support/redis-server.ts'

const GOOD = 1_000
const OF_EACH_KIND = 3
const AT_A_TIME = 25
/** From the start of a worker to the last of the poison in dead letters. */
const BURIED_MS = 30_000

const cleanups: (() => Promise<unknown> | unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

/** One accepted submission, as its editor knows it. */
interface Posted {
  readonly eventId: string
  readonly acceptNumber: number
  readonly updateId: string
  readonly body: string
}

/** How one kind is poisoned in Redis, and what its dead letter says. */
interface Poison {
  readonly name: string
  readonly spoil: (redis: Redis, posted: Posted, job: string) => Promise<unknown>
  readonly step: string
  readonly error: RegExp
  /** Nothing of its text is left: it must be sent again. */
  readonly isGone?: true
}

const keys = keysFor('dl')
const queueKey = (name: string) => `${keys.queuePrefix}:submissions:${name}`
const outboxOf = ({ eventId }: Posted) => keys.event(eventId).outbox

async function rewrite(redis: Redis, posted: Posted, change: (record: string) => string): Promise<string> {
  const { acceptNumber } = posted
  const changed = change((await redis.hget(outboxOf(posted), String(acceptNumber))) ?? '')
  await redis.hset(outboxOf(posted), String(acceptNumber), changed)
  return changed
}

const KINDS: readonly Poison[] = [
  {
    name: 'text that breaks a step',
    async spoil(redis, posted, job) {
      const record = await rewrite(redis, posted, text => text.replace('"timeZone":"UTC"', '"timeZone":"Mars/Olympus"'))
      await redis.hset(job, 'data', `{"acceptNumber":${posted.acceptNumber},"submission":${record}}`)
    },
    step: 'happened-at',
    error: /./,
  },
  {
    name: 'an outbox record that is cut, its job deleted',
    async spoil(redis, posted, job) {
      await rewrite(redis, posted, text => text.slice(0, -20))
      await redis.del(job)
    },
    step: 'outbox',
    error: /no JSON/,
  },
  {
    name: 'an outbox record that is gone, its job deleted',
    async spoil(redis, posted, job) {
      await redis.hdel(outboxOf(posted), String(posted.acceptNumber))
      await redis.del(job)
    },
    step: 'outbox',
    error: /is gone/,
    isGone: true,
  },
  {
    name: 'a schema that nobody knows',
    async spoil(redis, posted, job) {
      const record = await rewrite(redis, posted, text => text.replace('"kind":"publish"', '"kind":"poem"'))
      await redis.hset(job, 'data', `{"acceptNumber":${posted.acceptNumber},"submission":${record}}`)
    },
    step: 'outbox',
    error: /no submission/,
  },
  {
    name: 'an outbox record of another event, its job deleted',
    async spoil(redis, posted, job) {
      await rewrite(redis, posted, text => text.replace(`"eventId":"${posted.eventId}"`, '"eventId":"somewhere"'))
      await redis.del(job)
    },
    step: 'outbox',
    error: /of the event somewhere/,
  },
  {
    name: 'an outbox record and a job that are both broken JSON',
    async spoil(redis, posted, job) {
      await rewrite(redis, posted, text => `${text}}`)
      await redis.hset(job, 'data', '{"acceptNumber":')
    },
    step: 'outbox',
    error: /no JSON/,
  },
  {
    name: 'an outbox record that is gone, and a job that is cut',
    async spoil(redis, posted, job) {
      await redis.hdel(outboxOf(posted), String(posted.acceptNumber))
      await redis.hset(job, 'data', ((await redis.hget(job, 'data')) ?? '').slice(0, -5))
    },
    step: 'outbox',
    error: /no JSON|is gone/,
  },
  {
    name: 'a job that takes every worker down',
    async spoil(redis, _posted, job) {
      const id = job.slice(queueKey('').length)
      await redis.hset(job, 'stc', 10)
      await redis.lrem(queueKey('wait'), 0, id)
      await redis.lpush(queueKey('active'), id)
    },
    step: 'worker',
    error: /stalled/,
  },
  {
    name: 'an accept number that stands nowhere',
    async spoil(redis, posted, job) {
      await redis.hdel(outboxOf(posted), String(posted.acceptNumber))
      await redis.zrem(keys.event(posted.eventId).outboxTimes, String(posted.acceptNumber))
      await redis.del(job)
    },
    step: 'outbox',
    error: /is gone/,
    isGone: true,
  },
]

it('[DEAD12] buries 30 poison jobs of 10 kinds among 1,000 good ones, and publishes each once when it is retried after repair', {
  timeout: 180_000,
}, async () => {
  const { redis, ask, startWorker } = await startHouse()
  const eventIds = ['one', 'two', 'three', 'ghost']
  for (const id of eventIds) await ask('POST', '/v1/events', { id, headline: `Event ${id}` })
  const wanted = [
    ...Array.from({ length: GOOD }, (_, i) => ({ eventId: eventIds[i % 3] ?? '', body: `Good ${i}.` })),
    ...KINDS.flatMap((kind, k) =>
      Array.from({ length: OF_EACH_KIND }, (_, i) => ({
        eventId: eventIds[i % 3] ?? '',
        body: `${k}-${i}: ${kind.name}.`,
      })),
    ),
    ...Array.from({ length: OF_EACH_KIND }, (_, i) => ({ eventId: 'ghost', body: `Of an event that is lost, ${i}.` })),
  ]
  const mixed = wanted.map((each, i) => ({ each, at: (i * 7_919) % wanted.length })).sort((a, b) => a.at - b.at)
  const posted = await inTurns(mixed, async ({ each: { eventId, body } }) => {
    const draft = { body, happenedAt: '2026-11-24T13:05' }
    const { acceptNumber, updateId = '' } = await ask<Receipt>('POST', `/v1/events/${eventId}/updates`, draft)
    return { eventId, body, acceptNumber, updateId }
  })

  const poisoned = KINDS.flatMap((kind, k) =>
    posted.filter(({ body }) => body.startsWith(`${k}-`)).map(each => ({ ...each, kind })),
  )
  expect(poisoned).toHaveLength(KINDS.length * OF_EACH_KIND)
  await vi.waitFor(async () => expect(await redis.llen(queueKey('wait'))).toBe(posted.length), 10_000)
  for (const { kind, ...each } of poisoned) {
    const record = (await redis.hget(outboxOf(each), String(each.acceptNumber))) ?? ''
    const { submissionId } = JSON.parse(record) as { submissionId: string }
    await kind.spoil(redis, each, queueKey(`s-${submissionId}`))
  }
  const ghosts = posted.filter(({ eventId }) => eventId === 'ghost')
  await redis.zrem(keys.index, 'ghost')
  await redis.del(...(await redis.keys('dl:{ghost}:*')))

  const began = Date.now()
  await startWorker()
  await vi.waitFor(
    async () => {
      const { letters, strays } = await allLetters(ask)
      expect(strays).toHaveLength(ghosts.length)
      expect(letters).toHaveLength(poisoned.length)
    },
    { timeout: BURIED_MS, interval: 500 },
  )
  console.log(`buried within ${Date.now() - began} ms of the start of a worker`)
  const { letters, strays } = await allLetters(ask)
  for (const { kind, eventId, acceptNumber, updateId } of poisoned) {
    const letter = letters.find(each => each.eventId === eventId && each.acceptNumber === acceptNumber)
    expect(letter, kind.name).toMatchObject({ step: kind.step, problem: { detail: expect.stringMatching(kind.error) } })
    if (kind.isGone === undefined) expect(letter, kind.name).toMatchObject({ updateId })
  }
  for (const stray of strays)
    expect(stray).toMatchObject({ eventId: 'ghost', error: expect.stringMatching(/event-not-found/) })
  const good = posted.filter(({ body }) => body.startsWith('Good'))
  await vi.waitFor(async () => expect((await bodies(ask, eventIds.slice(0, 3))).length).toBe(good.length), 30_000)

  // The repair: the lost event is there again, and what is lost of texts is sent again.
  await ask('POST', '/v1/events', { id: 'ghost', headline: 'Event ghost' })
  await vi.waitFor(async () => expect((await allLetters(ask)).strays).toEqual([]), 20_000)
  for (const { kind, eventId, acceptNumber, updateId, body } of poisoned) {
    const sent = kind.isGone === undefined ? {} : { draft: { body, updateId } }
    const retried = await ask<Retried>('POST', `/v1/events/${eventId}/dead-letters/${acceptNumber}/retry`, sent)
    expect(retried, kind.name).toMatchObject({ updateId, retriedFrom: acceptNumber })
  }
  const { deadLetters } = await ask<DeadLetterPage>('GET', '/v1/events/ghost/dead-letters')
  expect(deadLetters.map(each => each.updateId).toSorted()).toEqual(ghosts.map(each => each.updateId).toSorted())
  await ask('POST', '/v1/events/ghost/dead-letters/retry', { all: true })

  const all = posted.map(({ updateId, body }) => `${updateId} ${body}`).toSorted()
  await vi.waitFor(async () => expect((await bodies(ask, eventIds)).length).toBe(all.length), 20_000)
  expect((await bodies(ask, eventIds)).toSorted()).toEqual(all)
  expect((await allLetters(ask)).letters).toEqual([])
  for (const name of ['wait', 'active', 'failed']) expect(await redis.exists(queueKey(name)), name).toBe(0)
})

type Ask = <T>(method: string, path: string, body?: object) => Promise<T>

async function allLetters(ask: Ask) {
  const first = await ask<AllDeadLettersPage>('GET', '/v1/ops/dead-letters?limit=100')
  return { letters: first.deadLetters, strays: first.strays }
}

/** `<updateId> <text>` of each entry about an update: one that is published twice is here twice. */
async function bodies(ask: Ask, eventIds: readonly string[]): Promise<string[]> {
  const found: string[] = []
  for (const eventId of eventIds) {
    for (let after = 0, complete = false; !complete; ) {
      const page = await ask<EntryPage>('GET', `/v1/events/${eventId}/entries?limit=1000&after=${after}`)
      for (const entry of page.entries) if ('update' in entry) found.push(`${entry.update.id} ${entry.update.bodyText}`)
      after = page.position.seq
      complete = page.complete
    }
  }
  return found
}

async function inTurns<T, R>(each: readonly T[], work: (one: T) => Promise<R>): Promise<R[]> {
  const done: R[] = []
  for (let from = 0; from < each.length; from += AT_A_TIME) {
    done.push(...(await Promise.all(each.slice(from, from + AT_A_TIME).map(work))))
  }
  return done
}

/** An api and, once it is asked for, a worker, each a process of its own, over a Redis of their own. */
async function startHouse() {
  const dir = await mkdtemp(join(tmpdir(), 'dateline-poison-'))
  cleanups.push(() => rm(dir, { recursive: true, force: true }))
  const server = await startRedisServer()
  cleanups.push(() => server.stop())
  const secret = randomBytes(32).toString('hex')
  const env = {
    ...{ REDIS_URL: server.url, JWT_SECRET: secret, DATA_DIR: dir, DRAIN_MS: '0', LOG_LEVEL: 'error' },
    LIMIT_POSTS_PER_S: '0', // one editor sends a thousand as fast as they are taken
  }
  const api = await startDateline({ part: 'api', env })
  cleanups.push(() => api.stop())
  const redis = new Redis(server.url)
  cleanups.push(() => redis.disconnect())
  const token = await createTokens(secret).sign({ sub: 'olga', name: 'Olga', roles: ['editor', 'ops'] }, '1h')
  const ask: Ask = async (method, path, body) => {
    const answer = await fetch(`${api.url}${path}`, {
      method,
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`)
    return (await answer.json()) as never
  }
  return {
    redis,
    ask,
    async startWorker() {
      const worker = await startDateline({
        part: 'worker',
        env: { ...env, LOG_LEVEL: 'info' },
        readyLog: /worker is ready/,
      })
      cleanups.push(() => worker.stop())
    },
  }
}
