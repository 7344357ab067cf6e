import { randomUUID } from 'node:crypto'
import { describe, expect, vi } from 'vitest'
import { DEFAULT_SETTINGS } from '../../src/protocol/normalization.ts'
import { anEvent, eventSubmission, updateSubmission } from '../support/build.ts'
import type { RedisFixture } from '../support/redis.ts'
import { test } from '../support/worker.ts'

const anUpdate = (body: string) => updateSubmission({ draft: { body, bodyFormat: 'text' } }, new Date())

/** The feed's updates as `acceptNumber body`, with ` late` where marked. */
async function published({ reader }: Pick<RedisFixture, 'reader'>): Promise<string[]> {
  const read = await reader.linesAfter('talks', { seq: 1 }, 1_000)
  if (!read.found) throw new Error(read.why)
  return read.lines.map(line => {
    const entry = JSON.parse(line) as { acceptNumber: number; late?: true; update: { bodyText: string } }
    return `${entry.acceptNumber} ${entry.update.bodyText}${entry.late ? ' late' : ''}`
  })
}

describe('a worker', () => {
  test('[WORK1] publishes what was never added to the queue, when the sweeper finds it', async ({
    accept,
    startWorker,
    reader,
  }) => {
    await accept(anUpdate('forgotten'))
    await startWorker()
    await vi.waitFor(async () => expect(await published({ reader })).toEqual(['2 forgotten']), 8_000)
  })

  test('[WORK2] publishes a submission whose job record was deleted', async ({
    accept,
    queue,
    redis,
    keys,
    startWorker,
    reader,
  }) => {
    const submission = anUpdate('deleted')
    const acceptNumber = await accept(submission)
    await queue.add({ acceptNumber, submission })
    await redis.del(`${keys.queuePrefix}:submissions:s-${submission.submissionId}`)
    await startWorker()
    await vi.waitFor(async () => expect(await published({ reader })).toEqual(['2 deleted']), 9_000)
  })

  test('[WORK3] publishes a submission whose job record is broken JSON', { timeout: 30_000 }, async ({
    accept,
    queue,
    redis,
    keys,
    startWorker,
    reader,
  }) => {
    const submission = anUpdate('broken')
    const acceptNumber = await accept(submission)
    await queue.add({ acceptNumber, submission })
    await redis.hset(`${keys.queuePrefix}:submissions:s-${submission.submissionId}`, 'data', '{"acceptNumber":2,')
    await startWorker()
    await vi.waitFor(async () => expect(await published({ reader })).toEqual(['2 broken']), 25_000)
    const active = `${keys.queuePrefix}:submissions:active`
    await vi.waitFor(async () => expect(await redis.lrange(active, '0', '-1')).toEqual([]), 5_000)
  })

  test('[WORK4] makes a dead letter of a poison job, and nobody waits for it', async ({
    accept,
    queue,
    redis,
    keys,
    startWorker,
    reader,
  }) => {
    // A zone that no step can read: ingest would never let it in.
    const poison = {
      ...anUpdate('poison'),
      timeZone: 'Mars/Olympus',
      draft: { bodyFormat: 'text' as const, body: 'poison', happenedAt: '2026-11-24T13:05' },
    }
    const good = anUpdate('good')
    const first = await accept(poison)
    const second = await accept(good)
    await queue.add({ acceptNumber: first, submission: poison })
    await queue.add({ acceptNumber: second, submission: good })
    await startWorker()
    await vi.waitFor(async () => expect(await published({ reader })).toEqual(['3 good']), 8_000)
    const [reason = '', kept = ''] = (await redis.hget(keys.event('talks').dead, '2'))?.split('\n') ?? []
    expect(JSON.parse(reason)).toMatchObject({ step: 'happened-at', attempts: 1 })
    expect(JSON.parse(kept)).toEqual(poison)
  })

  test('[HOLD5] holds a submission with a blocked term whole, and nobody waits for it', async ({
    accept,
    queue,
    redis,
    keys,
    startWorker,
    reader,
  }) => {
    const secret = {
      ...anUpdate('The sécret talks'),
      settings: { ...DEFAULT_SETTINGS, blockedTerms: ['Secret'] },
    }
    const good = anUpdate('good')
    const first = await accept(secret)
    const second = await accept(good)
    await queue.add({ acceptNumber: second, submission: good })
    await queue.add({ acceptNumber: first, submission: secret })
    await startWorker({ sweeps: false })
    await vi.waitFor(async () => expect(await published({ reader })).toEqual(['3 good']), 8_000)
    const { held, outbox, dead, updates } = keys.event('talks')
    const [reason = '', kept = ''] = (await redis.hget(held, String(first)))?.split('\n') ?? []
    const error = 'Has the blocked term "Secret" (body).'
    expect(JSON.parse(reason)).toMatchObject({ step: 'blocked-terms', error, attempts: 1 })
    expect(JSON.parse(kept)).toEqual(secret)
    expect(await redis.exists(outbox, dead)).toBe(0)
    expect(await redis.hexists(updates, secret.updateId)).toBe(0)

    const released = { ...secret, submissionId: randomUUID(), version: 2, released: true as const }
    const third = await accept(released)
    await queue.add({ acceptNumber: third, submission: released })
    await vi.waitFor(async () => expect(await published({ reader })).toEqual(['3 good', '4 The sécret talks']), 8_000)
  })

  test('[WORK5] keeps an outbox record that cannot be read as a dead letter', async ({
    accept,
    redis,
    keys,
    startWorker,
    reader,
  }) => {
    const damaged = await accept(anUpdate('damaged'))
    const good = anUpdate('good')
    await accept(good)
    await redis.hset(keys.event('talks').outbox, String(damaged), '{"submissionId":')
    await startWorker()
    await vi.waitFor(async () => expect(await published({ reader })).toEqual(['3 good']), 8_000)
    expect(await redis.hget(keys.event('talks').dead, String(damaged))).toMatch(
      /"step":"outbox".*\n\{"submissionId":$/s,
    )
    expect(await redis.exists(keys.event('talks').outbox)).toBe(0)
  })

  test('[WORK6] passes over a submission that is not ready in time, and lets it enter late', async ({
    accept,
    queue,
    startWorker,
    reader,
    redis,
    keys,
  }) => {
    const slow = anUpdate('slow')
    const slowNumber = await accept(slow)
    const quick = anUpdate('quick')
    const quickNumber = await accept(quick)
    await queue.add({ acceptNumber: quickNumber, submission: quick })
    await startWorker({ sweeps: false })
    await vi.waitFor(async () => expect(await published({ reader })).toEqual(['3 quick']), 8_000)
    await queue.add({ acceptNumber: slowNumber, submission: slow })
    await vi.waitFor(async () => expect(await published({ reader })).toEqual(['3 quick', '2 slow late']), 8_000)
    expect(await redis.scard(keys.event('talks').passed)).toBe(0)
  })

  test('[WORK7] accepts a submission anew whose number was given to another when Redis lost its tail', async ({
    accept,
    queue,
    startWorker,
    reader,
  }) => {
    const lost = anUpdate('lost')
    const other = anUpdate('other')
    const acceptNumber = await accept(other)
    await queue.add({ acceptNumber, submission: other })
    await queue.add({ acceptNumber, submission: lost })
    await startWorker()
    await vi.waitFor(async () => expect(await published({ reader })).toEqual(['2 other', '3 lost']), 8_000)
  })

  test('[DUP6] remembers what it published, and tells who posts the same again', async ({
    accept,
    queue,
    startWorker,
    reader,
    redis,
    keys,
  }) => {
    const words = 'The ministers shook hands and sat down at the table for their first talks in Moscow.'
    const now = Date.now()
    const at = (ms: number) => ({ acceptedAt: new Date(ms).toISOString() })
    const first = { ...anUpdate(words), ...at(now - 40_000), subject: { sub: 'anna', name: 'Anna' } }
    const second = { ...anUpdate(words.toUpperCase()), ...at(now) }
    const firstNumber = await accept(first)
    const secondNumber = await accept(second)
    await queue.add({ acceptNumber: firstNumber, submission: first })
    await startWorker({ sweeps: false })
    await vi.waitFor(async () => expect(await published({ reader })).toHaveLength(1), 8_000)
    await queue.add({ acceptNumber: secondNumber, submission: second })
    await vi.waitFor(async () => expect(await published({ reader })).toHaveLength(2), 8_000)
    const desk = async (updateId: string) => JSON.parse((await redis.hget(keys.event('talks').desk, updateId)) ?? '{}')
    const warning = { step: 'duplicate-alert', warning: 'Anna posted this 40 s ago.' }
    expect((await desk(first.updateId)).normalization).not.toContainEqual(warning)
    expect((await desk(second.updateId)).normalization).toContainEqual(warning)
  })
})

describe('an event that Redis lost, creation and all', () => {
  test('[WORK9] is accepted anew with a new numbering when a worker still has its creation', async ({
    queue,
    startWorker,
    reader,
  }) => {
    const lost = eventSubmission(anEvent('talks', new Date()), new Date())
    await queue.add({ acceptNumber: 1, submission: lost })
    await startWorker()
    await vi.waitFor(async () => expect((await reader.event('talks'))?.headline).toBe(lost.event.headline), 8_000)
    expect((await reader.head('talks'))?.seq).toBe(1)
  })
})
