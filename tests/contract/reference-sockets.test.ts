import { Ajv } from 'ajv'
import formats from 'ajv-formats'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { asyncApiDocument } from '../../src/main/reference/asyncapi.ts'
import { callsTo } from '../support/http.ts'
import { startServer } from '../support/server.ts'
import { viewersOf } from '../support/socket-viewer.ts'
import { streamsOf } from '../support/stream-viewer.ts'

const server = await startServer()
const { createEvent, publish, change } = callsTo(server)
const viewers = viewersOf(server)
const { stream } = streamsOf(server)

const NAME = 'asyncapi.json'
const ajv = new Ajv({ strict: false, allErrors: true })
formats.default(ajv)
ajv.addSchema(asyncApiDocument(), NAME)

/** What is wrong with the payload of a message. */
function faultsIn(channel: 'sockets' | 'stream', message: string, payload: unknown): readonly unknown[] {
  const check = ajv.getSchema(`${NAME}#/channels/${channel}/messages/${message}/payload`)
  if (check === undefined) throw new Error(`The document has no ${message} on ${channel}.`)
  return check(payload) ? [] : (check.errors ?? [])
}

beforeAll(async () => {
  await createEvent({ id: 'talks' })
  await publish('talks')
})
afterAll(() => server.stop())

describe('the document of sockets and streams', { timeout: 60_000 }, () => {
  it('[API8] is of what sockets send and are sent', async () => {
    const viewer = await viewers.connect()
    const request = { eventId: 'talks', after: null }
    expect(faultsIn('sockets', 'join', request)).toEqual([])
    const restarted = await viewer.join('talks')
    expect(restarted.result).toBe('restarted')
    const update = await publish('talks', { headline: 'More' })
    await change('DELETE', `/v1/events/talks/updates/${update.id}`, 1)
    await viewer.reaches(4)
    for (const seen of viewer.seen) {
      if (seen.what === 'entry') {
        expect(faultsIn('sockets', 'entry', [seen.room, seen.epoch, seen.entry])).toEqual([])
        expect(faultsIn('sockets', 'entry', [seen.room, seen.entry])).not.toEqual([])
      }
    }
    const refused = await viewer.ask('join', { eventId: 'nowhere', after: null })
    const wrong = await viewer.ask('leave', { eventId: 'No Id' })
    const position = restarted.result === 'refused' ? undefined : restarted.position
    const resumed = await viewer.ask('join', { eventId: 'talks', after: position })
    expect([refused, wrong, resumed]).toMatchObject([
      { result: 'refused' },
      { result: 'refused' },
      { result: 'resumed' },
    ])
    for (const answer of [restarted, refused, resumed]) expect(faultsIn('sockets', 'joinAnswer', answer)).toEqual([])
    expect(faultsIn('sockets', 'leaveAnswer', wrong)).toEqual([])
    expect(faultsIn('sockets', 'leaveAnswer', await viewer.ask('leave', { eventId: 'talks' }))).toEqual([])
    const renewed = await viewer.ask('refresh', { token: server.tokens.editor })
    expect(faultsIn('sockets', 'refreshAnswer', renewed)).toEqual([])
  })

  it('[API8] is of what streams are sent', async () => {
    const fresh = await stream('talks')
    await expect.poll(() => fresh.named('restarted')).toHaveLength(1)
    const again = await stream('talks', { query: '?after=1' })
    await expect.poll(() => again.named('resumed')).toHaveLength(1)
    await expect.poll(() => again.events.length).toBeGreaterThan(1)
    for (const { event = 'message', data } of [...fresh.events, ...again.events]) {
      expect(faultsIn('stream', event, JSON.parse(data)), `${event} ${data}`).toEqual([])
    }
  })

  it('[API8] is of the beacon of a quiet room', async () => {
    const viewer = await viewers.connect()
    await viewer.join('talks')
    await expect.poll(() => viewer.beacons.length, { timeout: 20_000 }).toBeGreaterThan(0)
    expect(faultsIn('sockets', 'beacon', viewer.beacons[0])).toEqual([])
    expect(faultsIn('stream', 'beacon', viewer.beacons[0])).toEqual([])
  })
})
