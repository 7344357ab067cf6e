import { createHash } from 'node:crypto'
import { EventEmitter, once } from 'node:events'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createFeedProofs } from '../../src/feed/feed-proofs.ts'
import type { FeedProof } from '../../src/protocol/ops.ts'
import { callsTo, expectProblem } from '../support/http.ts'
import { type Person, startServer, type TestServer } from '../support/server.ts'

let server: TestServer
let calls: ReturnType<typeof callsTo>

beforeAll(async () => {
  server = await startServer()
  calls = callsTo(server)
})
afterAll(() => server.stop())

const prove = (eventId: string, query = '', as: Person | null = null) =>
  calls.call<FeedProof>('GET', `/v1/events/${eventId}/proof${query}`, { as })

/** An event with this many entries. */
async function aFeed(id: string, entries: number): Promise<void> {
  await calls.createEvent({ id })
  for (let n = 2; n <= entries; n++) await calls.publish(id, { body: `Update ${n}.` })
}

const feedOf = (id: string) => server.store.keys.event(id).feed

async function linesOf(id: string): Promise<string[]> {
  return (await server.store.redis.xrange(feedOf(id), '-', '+')).map(([, fields]) => String(fields[1]))
}

/** Writes the feed anew, with these lines in the places 1, 2, 3 ... */
async function put(id: string, lines: readonly string[]): Promise<void> {
  await server.store.redis.del(feedOf(id))
  for (const [i, line] of lines.entries()) await server.store.redis.xadd(feedOf(id), `${i + 1}-0`, 'line', line)
}

const sha1 = (text: string) => createHash('sha1').update(text).digest('hex')

describe('the proof of a feed', () => {
  it('[PROOF1] says for everybody from where to where it is complete, and with which chain it ends', async () => {
    await aFeed('whole', 6)
    const { position } = (
      await calls.call<{ position: { epoch: string; chain: string } }>('GET', '/v1/events/whole/feed')
    ).body
    const { epoch, chain } = position
    const answer = await prove('whole')
    expect(answer.body).toEqual({ complete: true, from: 1, to: 6, epoch, chain })
    expect(answer.headers['cache-control']).toBe('public, max-age=1, stale-while-revalidate=10')
    expect((await prove('whole', '?after=4')).body).toEqual({ complete: true, from: 5, to: 6, epoch, chain })
    expect((await prove('whole', '?after=6')).body).toEqual({ complete: true, from: 7, to: 6, epoch, chain })
  })

  it('[PROOF1] refuses a place that the feed has not reached, and rubbish', async () => {
    await aFeed('short', 2)
    expectProblem(await prove('short', '?after=3'), 'position-unknown', { extra: { reason: 'ahead-of-feed' } })
    expectProblem(await prove('short', '?after=-1'), 'invalid-request', { errors: ['#/after'] })
    expectProblem(await prove('nowhere'), 'event-not-found')
  })

  it('[PROOF1] of a private event is for those who may read it', async () => {
    await calls.createEvent({ id: 'closed', visibility: 'private' })
    expectProblem(await prove('closed'), 'event-not-found')
    const answer = await prove('closed', '', 'editor')
    expect(answer.body).toMatchObject({ complete: true, from: 1, to: 1 })
    expect(answer.headers['cache-control']).toBe('private, no-store')
  })

  type Damage = (lines: string[]) => string[]
  const damages: [name: string, damage: Damage, seq: number, problem: string][] = [
    ['altered', lines => lines.with(3, lines[3]?.replace('Update 4.', 'Update 9.') ?? ''), 4, 'not-linked'],
    ['swapped', lines => lines.with(2, lines[3] ?? '').with(3, lines[2] ?? ''), 3, 'out-of-place'],
    ['repeated', lines => lines.with(4, lines[3] ?? ''), 5, 'out-of-place'],
    ['replaced', lines => lines.with(1, 'rubbish'), 2, 'out-of-place'],
    ['cut', lines => lines.slice(0, 5), 6, 'missing'],
  ]
  it.each(damages)('[PROOF2] names the first entry that differs: %s', async (name, damage, seq, problem) => {
    await aFeed(name, 6)
    await put(name, damage(await linesOf(name)))
    expect((await prove(name)).body).toEqual({ complete: false, firstDifference: { seq, problem } })
  })

  it('[PROOF2] names one that is lost in the middle, and says so also to who begins there', async () => {
    await aFeed('holed', 5)
    await server.store.redis.xdel(feedOf('holed'), '3-0')
    const lost = { complete: false, firstDifference: { seq: 3, problem: 'missing' } }
    expect((await prove('holed')).body).toEqual(lost)
    expect((await prove('holed', '?after=3')).body).toEqual(lost)
    expect((await prove('holed', '?after=4')).body).toMatchObject({ complete: true, from: 5, to: 5 })
  })

  it('[PROOF2] notices a chain that was made anew from some entry on', async () => {
    await aFeed('forged', 4)
    const lines = await linesOf('forged')
    let chain = JSON.parse(lines[2] ?? '').chain as string
    const last = (lines[3] ?? '').replace('Update 4.', 'Update 9.').replace(/"chain":"[0-9a-f]+",/, '')
    chain = sha1(chain + sha1(last))
    await put('forged', lines.with(3, last.replace('{"seq":4,', `{"seq":4,"chain":"${chain}",`)))
    expect((await prove('forged')).body).toEqual({ complete: false, firstDifference: { seq: 4, problem: 'other-end' } })
  })

  it('[PROOF3] counts a taken-down line by the digest that stands for it', async () => {
    await aFeed('purged', 4)
    const [, second = ''] = await linesOf('purged')
    const { seq, chain, at, update } = JSON.parse(second)
    const digest = sha1(second.replace(/"chain":"[0-9a-f]+",/, ''))
    const event = server.store.keys.event('purged')
    const line = (of: string) => JSON.stringify({ seq, chain, at, type: 'purged', updateId: update.id, digest: of })
    await server.store.redis.hset(event.purged, '2', line(digest))
    await server.store.redis.xdel(event.feed, '2-0')
    expect((await prove('purged')).body).toMatchObject({ complete: true, from: 1, to: 4 })
    await server.store.redis.hset(event.purged, '2', line(sha1('another')))
    expect((await prove('purged', '?after=1')).body).toMatchObject({
      firstDifference: { seq: 2, problem: 'not-linked' },
    })
  })

  it('[PROOF4] is made once for all who ask for it at the time, and refused when too many are asked for', async () => {
    await aFeed('busy', 3)
    let asked = 0
    const gate = new EventEmitter()
    const head = async () => {
      asked += 1
      await once(gate, 'open')
      return undefined
    }
    const proofs = createFeedProofs({ reader: { ...server.store.reader, head } })
    const four = ['a', 'b', 'c', 'd'].flatMap(id => [proofs.prove(id, 0), proofs.prove(id, 0)])
    expect(asked).toBe(4)
    await expect(proofs.prove('e', 0)).rejects.toMatchObject({ code: 'unavailable' })
    gate.emit('open')
    expect(new Set((await Promise.all(four)).map(answer => JSON.stringify(answer)))).toEqual(
      new Set(['{"found":false,"why":"no-event"}']),
    )
  })
})
