import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { describe, expect, vi } from 'vitest'
import type { LimitRule } from '../../src/foundation/limit.ts'
import { createMetrics } from '../../src/foundation/metrics.ts'
import type { Keys } from '../../src/redis/keys.ts'
import { sharedLimit } from '../../src/redis/shared-limit.ts'
import { test as it } from '../support/redis.ts'

const metrics = createMetrics()

/** Ten at once, and one more each 100 ms. */
const RULE: LimitRule = { name: 'posts', atOnce: 10, seconds: 1 }
/** So slow that nothing comes back while a test runs. */
const SLOW: LimitRule = { name: 'posts', atOnce: 10, seconds: 1_000 }

function limit(rule: LimitRule, { redis, keys }: Pick<Parameters<typeof sharedLimit>[1], 'redis' | 'keys'>) {
  const made = sharedLimit(rule, { redis, keys, metrics })
  if (made === undefined) throw new Error('it is off')
  return made
}

const keyOf = (keys: Keys, sender: string) =>
  keys.limit('posts', createHash('sha256').update(sender).digest('base64url'))

describe('a limit that all processes share', () => {
  it('[LIMIT3] counts what comes to any of them', async ({ redis, keys }) => {
    const second = redis.duplicate()
    await once(second, 'ready')
    const processes = [limit(SLOW, { redis, keys }), limit(SLOW, { redis: second, keys })]
    const taken = await Promise.all(Array.from({ length: 30 }, (_, n) => processes[n % 2]?.take('erin')))
    expect(taken.filter(each => each?.isOver === false)).toHaveLength(10)
    expect((await processes[1]?.take('carl'))?.isOver).toBe(false)
    second.disconnect()
  })

  it('[LIMIT3] lets in exactly what comes back, and nothing is taken by what is refused', async ({ redis, keys }) => {
    const { take } = limit(RULE, { redis, keys })
    const began = performance.now()
    let letIn = 0
    while (performance.now() - began < 2_000) if (!(await take('erin')).isOver) letIn++
    const seconds = (performance.now() - began) / 1_000
    expect(letIn).toBeGreaterThanOrEqual(10 + 5 * seconds) // of a machine that stands still for a while, less comes back
    expect(letIn).toBeLessThanOrEqual(10 + Math.ceil(10 * seconds) + 1)
  })

  it('[LIMIT3] tells what is left, and when there is room again', async ({ redis, keys }) => {
    const { take } = limit(SLOW, { redis, keys })
    expect(await take('erin')).toEqual({ isOver: false, remaining: 9, resetMs: 100_000 })
    for (let i = 0; i < 9; i++) await take('erin')
    const over = await take('erin')
    expect(over).toMatchObject({ isOver: true, remaining: 0 })
    expect(over.resetMs).toBeGreaterThan(95_000)
    expect(over.resetMs).toBeLessThanOrEqual(100_000)
  })

  it('[LIMIT3] leaves nothing behind once all is back', async ({ redis, keys }) => {
    const { take } = limit({ name: 'posts', atOnce: 1_000, seconds: 1 }, { redis, keys })
    await take('erin')
    expect(await redis.exists(keyOf(keys, 'erin'))).toBe(1)
    await vi.waitFor(async () => expect(await redis.exists(keyOf(keys, 'erin'))).toBe(0), { timeout: 5_000 })
  })

  it('[LIMIT3] costs one command, and of a large limit one for a hundredth of it', async ({ redis, keys }) => {
    const small = limit(SLOW, { redis, keys })
    const large = limit({ name: 'previews', atOnce: 1_000, seconds: 100_000 }, { redis, keys })
    await small.take('erin')
    const sent = vi.spyOn(redis, 'sendCommand')
    await small.take('erin')
    expect(sent).toHaveBeenCalledTimes(1)
    sent.mockClear()
    const remaining = []
    for (let i = 0; i < 20; i++) remaining.push((await large.take('erin')).remaining)
    expect(sent.mock.calls.length).toBeLessThanOrEqual(3) // a third one where the machine was busy for a second
    expect(remaining.slice(0, 3)).toEqual([999, 998, 997])
    sent.mockRestore()
  })

  it('[LIMIT3] gives out all of a large limit, and no more', async ({ redis, keys }) => {
    const { take } = limit({ name: 'posts', atOnce: 1_005, seconds: 1_000_000 }, { redis, keys })
    let letIn = 0
    while (!(await take('erin')).isOver) letIn++
    expect(letIn).toBeLessThanOrEqual(1_005)
    expect(letIn).toBeGreaterThan(950)
  })

  it('[LIMIT3] is counted by each process while Redis does not count', async ({ redis, keys }) => {
    const away = redis.duplicate({ enableOfflineQueue: false, lazyConnect: true })
    const { take } = limit(SLOW, { redis: away, keys })
    const taken = await Promise.all(Array.from({ length: 15 }, () => take('erin')))
    expect(taken.filter(({ isOver }) => !isOver)).toHaveLength(10)
    expect((await take('carl')).isOver).toBe(false)

    await redis.set(keyOf(keys, 'olga'), 'not what the script reads')
    expect(await limit(SLOW, { redis, keys }).take('olga')).toMatchObject({ isOver: false, remaining: 9 })
  })
})
