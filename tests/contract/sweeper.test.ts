import { describe, expect, vi } from 'vitest'
import { acceptRequest, anEvent, eventSubmission, updateSubmission } from '../support/build.ts'
import type { RedisFixture } from '../support/redis.ts'
import { test } from '../support/worker.ts'

const WAIT = { timeout: 25_000, interval: 100 }
const LONG = { timeout: 40_000 }

const anUpdate = (body: string) => updateSubmission({ draft: { body, bodyFormat: 'text' } }, new Date())
const jobOf = ({ keys }: Pick<RedisFixture, 'keys'>, { submissionId }: { submissionId: string }) =>
  `${keys.queuePrefix}:submissions:s-${submissionId}`

/** The feed's updates as `acceptNumber body`. */
async function published({ reader }: Pick<RedisFixture, 'reader'>): Promise<string[]> {
  const read = await reader.linesAfter('talks', { seq: 1 }, 1_000)
  if (!read.found) throw new Error(read.why)
  return read.lines.map(line => {
    const entry = JSON.parse(line) as { acceptNumber: number; update: { bodyText: string } }
    return `${entry.acceptNumber} ${entry.update.bodyText}`
  })
}

describe('the sweeper', () => {
  test(
    '[DEAD14] makes an outbox record anew from its job, where only the record is damaged',
    LONG,
    async ({ accept, queue, redis, keys, startWorker, reader }) => {
      const submission = anUpdate('damaged')
      const acceptNumber = await accept(submission)
      await queue.add({ acceptNumber, submission })
      const { outbox, dead } = keys.event('talks')
      await redis.hset(outbox, String(acceptNumber), JSON.stringify(submission).slice(0, -30))
      await queue.door.setPaused(true)
      await startWorker()
      await vi.waitFor(
        async () => expect(JSON.parse((await redis.hget(outbox, String(acceptNumber))) ?? '')).toEqual(submission),
        WAIT,
      )
      await queue.door.setPaused(false)
      await vi.waitFor(async () => expect(await published({ reader })).toEqual(['2 damaged']), WAIT)
      expect(await redis.exists(dead, outbox)).toBe(0)
    },
  )

  test(
    '[DEAD14] takes an empty dead letter off its shelf when a job turns up that has it whole',
    LONG,
    async ({ accept, queue, redis, keys, startWorker, reader }) => {
      const submission = anUpdate('gone')
      const acceptNumber = await accept(submission)
      await queue.add({ acceptNumber, submission })
      const { outbox, dead, outcomes } = keys.event('talks')
      await redis.hdel(outbox, String(acceptNumber))
      await queue.door.setPaused(true)
      await startWorker()
      await vi.waitFor(async () => expect(await redis.hget(dead, String(acceptNumber))).toMatch(/is gone.*\n$/s), WAIT)
      await queue.door.setPaused(false)
      await vi.waitFor(async () => expect(await published({ reader })).toEqual(['3 gone']), WAIT)
      expect(await redis.exists(dead)).toBe(0)
      const outcome = JSON.parse((await redis.hget(outcomes, String(acceptNumber))) ?? '')
      expect(outcome).toMatchObject({ state: 'retried', retriedAs: 3 })
    },
  )

  test(
    '[DEAD14] replaces a whole job that no list has any more',
    LONG,
    async ({ accept, queue, redis, keys, startWorker, reader }) => {
      const submission = anUpdate('stranded')
      const acceptNumber = await accept(submission)
      await queue.add({ acceptNumber, submission })
      await redis.del(`${keys.queuePrefix}:submissions:wait`)
      // Accepted a while ago, as the sweeper sees it.
      await redis.zadd(keys.event('talks').outboxTimes, Date.now() - 20_000, acceptNumber)
      await startWorker()
      await vi.waitFor(async () => expect(await published({ reader })).toEqual(['2 stranded']), WAIT)
    },
  )

  test(
    '[DEAD15] looks after accept numbers that stand nowhere, and clears away what has ended',
    LONG,
    async ({ accept, redis, keys, startWorker, reader }) => {
      const lost = await accept(anUpdate('lost'))
      const forgotten = await accept(anUpdate('forgotten'))
      const { outbox, outboxTimes, dead } = keys.event('talks')
      await redis.hdel(outbox, String(lost))
      await redis.zrem(outboxTimes, String(lost), String(forgotten))
      // Number 1 ended long ago.
      await redis.hset(outbox, '1', '{}')
      await redis.zadd(outboxTimes, 1, '1')
      await startWorker()
      await vi.waitFor(async () => expect(await published({ reader })).toEqual(['3 forgotten']), WAIT)
      await vi.waitFor(async () => expect(await redis.hkeys(dead)).toEqual([String(lost)]), WAIT)
      await vi.waitFor(async () => expect(await redis.exists(outbox, outboxTimes)).toBe(0), WAIT)
    },
  )

  test(
    '[DEAD16] keeps what no event knows as a stray, and makes it a dead letter once its event is there',
    LONG,
    async ({ acceptor, committer, queue, strays, deadLetters, redis, keys, startWorker }) => {
      const submission = updateSubmission(
        { eventId: 'ghost', draft: { body: 'Alone.', bodyFormat: 'text' } },
        new Date(),
      )
      await queue.add({ acceptNumber: 7, submission })
      const rogue = `${keys.queuePrefix}:submissions:s-rogue`
      await redis.hset(rogue, {
        name: 'publish',
        data: '{"words":',
        opts: '{}',
        timestamp: Date.now(),
        delay: 0,
        priority: 0,
      })
      await redis.lpush(`${keys.queuePrefix}:submissions:active`, 's-rogue')
      await startWorker()
      await vi.waitFor(async () => {
        const found = await strays.some(10)
        expect(found.map(({ id }) => id).toSorted()).toEqual([`s-${submission.submissionId}`, 's-rogue'].toSorted())
        expect(found.find(({ id }) => id === 's-rogue')?.text).toBe('{"words":')
        expect(found.find(({ id }) => id !== 's-rogue')?.submission).toEqual(submission)
      }, WAIT)
      expect(await redis.exists(rogue, `${keys.queuePrefix}:submissions:active`)).toBe(0)

      const created = eventSubmission(anEvent('ghost', new Date()), new Date())
      await redis.zadd(keys.index, Date.now(), 'ghost')
      await acceptor.accept(acceptRequest(created), new Date())
      const ref = { eventId: 'ghost', acceptNumber: 1, submissionId: created.submissionId, sub: 'anna' }
      await committer.commit(ref, { kind: 'event', event: created.event }, new Date())
      await vi.waitFor(async () => expect((await strays.some(10)).map(({ id }) => id)).toEqual(['s-rogue']), WAIT)
      const { letters } = await deadLetters.page('ghost', 0, 10)
      expect(letters).toMatchObject([
        { acceptNumber: 2, updateId: submission.updateId, step: 'worker', raw: submission.draft },
      ])
    },
  )

  test(
    '[DEAD17] gives a running replay whose job vanished to the workers again',
    LONG,
    async ({ replays, replayQueue, redis, keys, startWorker, accept: _ }) => {
      const range = { from: 1, to: 1, speed: 1, maxSilenceMs: 1_000 } as const
      const lost = await replays.create('talks', range, new Date())
      const broken = await replays.create('talks', range, new Date())
      const paused = await replays.create('talks', range, new Date())
      await replays.change('talks', paused.id, { state: 'paused' }, new Date())
      await replayQueue.add({ eventId: 'talks', replayId: broken.id, lap: 1 })
      const jobKey = ({ id }: { id: string }) => `${keys.queuePrefix}:replays:r-${id}-1`
      await redis.hset(jobKey(broken), 'data', '{"eventId":')
      await startWorker()
      await vi.waitFor(async () => {
        for (const { id } of [lost, broken]) {
          const data = JSON.parse((await redis.hget(jobKey({ id }), 'data')) ?? '{}')
          expect(data).toEqual({ eventId: 'talks', replayId: id, lap: 1 })
        }
      }, WAIT)
      const waiting = await redis.lrange(`${keys.queuePrefix}:replays:wait`, '0', '-1')
      expect(waiting.toSorted()).toEqual([lost, broken].map(({ id }) => `r-${id}-1`).toSorted())
      expect(await redis.exists(jobKey(paused))).toBe(0)
    },
  )

  test(
    '[DEAD18] keeps nobody waiting for a job whose record is broken',
    LONG,
    async ({ accept, queue, redis, keys, startWorker, reader }) => {
      const broken = anUpdate('broken')
      const brokenNumber = await accept(broken)
      await queue.add({ acceptNumber: brokenNumber, submission: broken })
      await redis.hset(jobOf({ keys }, broken), 'data', '{')
      const good = anUpdate('good')
      await queue.add({ acceptNumber: await accept(good), submission: good })
      await startWorker()
      await vi.waitFor(
        async () => expect((await published({ reader })).toSorted()).toEqual(['2 broken', '3 good']),
        WAIT,
      )
      await vi.waitFor(async () => expect(await redis.exists(jobOf({ keys }, broken))).toBe(0), WAIT)
    },
  )
})
