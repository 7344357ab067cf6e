import { afterAll, describe, expect, it, vi } from 'vitest'
import { MAX_CATCH_UP_BYTES, MAX_CATCH_UP_ENTRIES } from '../../src/gateway/plan-join.ts'
import { MAX_TAIL_ENTRIES } from '../../src/gateway/tail.ts'
import { EMPTY_CHAIN, type Position } from '../../src/protocol/position.ts'
import type { EntryPage, Snapshot } from '../../src/protocol/snapshot.ts'
import type { JoinAnswer, RestartReason } from '../../src/protocol/socket.ts'
import { callsTo } from '../support/http.ts'
import { startServer } from '../support/server.ts'
import { viewersOf } from '../support/socket-viewer.ts'

const server = await startServer()
const { call, createEvent, publish, submit } = callsTo(server)
const { connect } = viewersOf(server)
afterAll(() => server.stop())

const IN_FLIGHT = 40
/** Longer than a viewer may be behind, so that each way of joining is gone. */
const LONG = MAX_CATCH_UP_ENTRIES + 20

await createEvent({ id: 'talks' })
for (let i = 0; i < 5; i++) await publish('talks', { body: `Line ${i}` })
await createEvent({ id: 'long' })
for (let sent = 0; sent < LONG; sent += IN_FLIGHT) {
  await Promise.all(Array.from({ length: IN_FLIGHT }, (_, i) => submit('long', { body: `Line ${sent + i}` })))
}
await publish('long', { body: 'The last one.' })

async function positionAt(eventId: string, seq: number): Promise<Position> {
  const after = Math.max(0, seq - 1)
  const { body } = await call<EntryPage>('GET', `/v1/events/${eventId}/entries?limit=1&after=${after}`)
  return seq === 0 ? { ...body.position, seq: 0, chain: EMPTY_CHAIN } : body.position
}
async function headOf(eventId: string): Promise<Position> {
  return (await call<Snapshot>('GET', `/v1/events/${eventId}/feed`)).body.position
}

function expectRestarted(answer: JoinAnswer, reason: RestartReason): void {
  expect(answer).toMatchObject({ result: 'restarted', reason })
}

describe('a viewer that joins', () => {
  it('[NET5] [P9] begins anew when what it missed is larger than it can catch up with, however few the entries are', {
    timeout: 60_000,
  }, async () => {
    await createEvent({ id: 'wordy' })
    const body = 'They spoke for a long time. '.repeat(2_000)
    const [missed] = (await call<EntryPage>('GET', '/v1/events/wordy/entries')).body.entries
    const updates = Math.ceil(MAX_CATCH_UP_BYTES / (2 * body.length)) + 2 // as text and as HTML
    for (let sent = 0; sent < updates; sent += 1) await publish('wordy', { body })
    const head = await headOf('wordy')
    const viewer = await connect()
    expectRestarted(await viewer.join('wordy', { ...head, seq: 1, chain: missed?.chain ?? '' }), 'too-far-behind')
    expect(await viewer.join('wordy', await positionAt('wordy', head.seq - 20))).toMatchObject({ result: 'resumed' })
  })

  it('[SOCKET7] from nothing is given the snapshot of GET feed, and then what is published', async () => {
    const viewer = await connect()
    const answer = await viewer.join('talks')
    const { body: feed } = await call<Snapshot>('GET', '/v1/events/talks/feed', { as: null })
    expect(answer).toEqual({ result: 'restarted', reason: 'first-visit', position: feed.position, snapshot: feed })
    const update = await publish('talks')
    await viewer.reaches(feed.position.seq + 1)
    expect(viewer.entries).toMatchObject([{ seq: feed.position.seq + 1, type: 'published', update }])
    viewer.expectNoGap()
  })

  it('[SOCKET7] from any position of the feed is given what came after it', async () => {
    const head = await headOf('talks')
    for (let seq = 0; seq <= head.seq; seq++) {
      const viewer = await connect()
      const answer = await viewer.join('talks', await positionAt('talks', seq))
      const { body } = await call<EntryPage>('GET', `/v1/events/talks/entries?after=${seq}`)
      expect(answer).toEqual({ result: 'resumed', position: head, entries: body.entries })
      viewer.expectNoGap()
    }
  })

  it('[SOCKET7] from a position without its chain is not checked for it', async () => {
    const viewer = await connect()
    const { epoch } = await headOf('talks')
    expect(await viewer.ask('join', { eventId: 'talks', after: { epoch, seq: 3 } })).toMatchObject({
      result: 'resumed',
    })
    expect(await viewer.join('talks', { epoch, seq: 3, chain: '' })).toMatchObject({ result: 'resumed' })
  })

  it.each([
    ['in the room’s tail', MAX_TAIL_ENTRIES - 1],
    ['where the tail begins', MAX_TAIL_ENTRIES],
    ['just before the tail', MAX_TAIL_ENTRIES + 1],
    ['as far behind as can be', MAX_CATCH_UP_ENTRIES],
  ])('[SOCKET7] from a position %s is given all that came after it', async (_where, behind) => {
    const viewer = await connect()
    const head = await headOf('long')
    const answer = await viewer.join('long', await positionAt('long', head.seq - behind))
    expect(answer).toMatchObject({ result: 'resumed', position: head })
    expect(answer.result === 'resumed' && answer.entries.length).toBe(behind)
    await publish('long')
    await viewer.reaches(head.seq + 1)
    viewer.expectNoGap()
  })

  it('[SOCKET8] from over 1,000 entries behind begins anew', async () => {
    const viewer = await connect()
    const head = await headOf('long')
    const answer = await viewer.join('long', await positionAt('long', head.seq - MAX_CATCH_UP_ENTRIES - 1))
    expectRestarted(answer, 'too-far-behind')
    viewer.expectNoGap()
  })

  it('[SOCKET8] from another numbering begins anew', async () => {
    const viewer = await connect()
    const head = await headOf('talks')
    for (const seq of [0, head.seq, head.seq + 100]) {
      expectRestarted(await viewer.join('talks', { ...head, epoch: 'another', seq }), 'epoch-changed')
    }
    expectRestarted(await viewer.join('talks', await headOf('long')), 'epoch-changed')
    viewer.expectNoGap()
  })

  it('[SOCKET8] from a position that the feed has not reached begins anew', async () => {
    const viewer = await connect()
    const head = await headOf('talks')
    for (const seq of [head.seq + 1, head.seq + 1_000_000, Number.MAX_SAFE_INTEGER]) {
      expectRestarted(await viewer.join('talks', { ...head, seq }), 'ahead-of-feed')
    }
    viewer.expectNoGap()
  })

  it.each([
    ['in the tail', 10],
    ['before the tail', MAX_TAIL_ENTRIES + 50],
    ['at the head', 0],
  ])('[SOCKET8] with the chain of another feed begins anew: %s', async (_where, behind) => {
    const viewer = await connect()
    const head = await headOf('long')
    const position = { ...head, seq: head.seq - behind, chain: 'a'.repeat(40) }
    expectRestarted(await viewer.join('long', position), 'chain-mismatch')
    await publish('long')
    await viewer.reaches(head.seq + 1)
    viewer.expectNoGap()
  })
})

describe('a viewer in a room', () => {
  it('[SOCKET9] that leaves is given nothing more', async () => {
    const [leaver, stayer] = [await connect(), await connect()]
    await leaver.join('talks')
    const { position } = (await stayer.join('talks')) as { position: Position }
    expect(await leaver.ask('leave', { eventId: 'talks' })).toEqual({ result: 'done' })
    await publish('talks')
    await stayer.reaches(position.seq + 1)
    expect(await leaver.ask('leave', { eventId: 'talks' })).toEqual({ result: 'done' })
    expect(leaver.entries).toEqual([])
    await leaver.join('talks', position)
    await publish('talks')
    await leaver.reaches(position.seq + 2)
    leaver.expectNoGap()
  })

  it('[SOCKET9] that leaves before its join is answered is given nothing more', async () => {
    await createEvent({ id: 'hasty' })
    const [leaver, stayer] = [await connect(), await connect()]
    const answers = await Promise.all([leaver.join('hasty'), leaver.ask('leave', { eventId: 'hasty' })])
    expect(answers.map(({ result }) => result)).toEqual(['restarted', 'done'])
    await stayer.join('hasty')
    await publish('hasty')
    await stayer.reaches(2)
    await leaver.ask('leave', { eventId: 'talks' })
    expect(leaver.entries).toEqual([])
  })

  it('[SOCKET9] that joins twice is given each entry once', async () => {
    const viewer = await connect()
    const first = await viewer.join('talks')
    await Promise.all([viewer.join('talks'), viewer.join('talks')])
    const head = await headOf('talks')
    expect(first).toMatchObject({ position: head })
    for (let i = 1; i <= 3; i++) await publish('talks')
    await viewer.reaches(head.seq + 3)
    expect(viewer.entries.map(({ seq }) => seq)).toEqual([head.seq + 1, head.seq + 2, head.seq + 3])
    viewer.expectNoGap()
  })

  it('[SOCKET9] may stand in several rooms, and leaves each for itself', async () => {
    const viewer = await connect()
    const positions = new Map<string, Position>()
    for (const eventId of ['one', 'two']) {
      await createEvent({ id: eventId })
      positions.set(eventId, ((await viewer.join(eventId)) as { position: Position }).position)
    }
    await viewer.ask('leave', { eventId: 'one' })
    await publish('one')
    await publish('two')
    await viewer.reaches(2)
    expect(viewer.seen.flatMap(seen => (seen.what === 'entry' ? [[seen.room, seen.epoch]] : []))).toEqual([
      ['two', positions.get('two')?.epoch],
    ])
  })

  it('[SOCKET10] that is quiet is told by a beacon where the feed stands and how many look on', {
    timeout: 20_000,
  }, async () => {
    const viewers = [await connect(), await connect(), await connect()]
    await createEvent({ id: 'quiet' })
    for (const viewer of viewers) await viewer.join('quiet')
    const { epoch, seq, chain } = await headOf('quiet')
    await vi.waitFor(
      () => {
        for (const { beacons } of viewers) {
          expect(beacons).toContainEqual({ eventId: 'quiet', epoch, seq, chain, viewers: 3 })
        }
      },
      { timeout: 15_000 },
    )
  })
})
