import { expect, it } from 'vitest'
import { createTurns } from '../../src/foundation/turns.ts'
import { createPageTurns } from '../../src/gateway/rehearsal-pace.ts'

it('[REPLAY19] replays at full speed take turns in a worker, and rest after each for as long as it took', async () => {
  const turns = createTurns({ restShare: 1, minRestMs: 5 })
  const began: number[] = []
  const ended: number[] = []
  const task = async () => {
    began.push(performance.now())
    await new Promise(resolve => setTimeout(resolve, 20))
    ended.push(performance.now())
    return began.length
  }
  const failing = () => Promise.reject(new Error('not this one'))
  const given = await Promise.allSettled([turns.take(task), turns.take(failing), turns.take(task)])
  expect(given.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  const restMs = (began[1] ?? 0) - (ended[0] ?? 0)
  expect(restMs).toBeGreaterThanOrEqual(20 + 4)
})

it('[REPLAY19] and in a gateway page by page, with a rest after each', async () => {
  const turns = createPageTurns()
  const order: string[] = []
  const at: number[] = []
  const room = async (name: string) => {
    for (let page = 1; page <= 3; page++) {
      await turns.next()
      order.push(`${name}${page}`)
      at.push(performance.now())
    }
  }
  await Promise.all([room('a'), room('b')])
  expect(order).toEqual(['a1', 'b1', 'a2', 'b2', 'a3', 'b3'])
  const gaps = at.slice(1).map((ms, i) => ms - (at[i] ?? 0))
  expect(Math.min(...gaps)).toBeGreaterThan(0.5)
})
