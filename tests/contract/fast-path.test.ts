import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Writable } from 'node:stream'
import { pino } from 'pino'
import { Server } from 'socket.io'
import { io } from 'socket.io-client'
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest'
import { createMetrics } from '../../src/foundation/metrics.ts'
import { checkWire } from '../../src/gateway/check-wire.ts'
import { type FastPath, startFastPath } from '../../src/gateway/fast-path.ts'
import { entryFrame, Parcel } from '../../src/gateway/frame.ts'
import { type GatewaySocket, socketViewer } from '../../src/gateway/viewer.ts'
import { missingFields } from '../../src/gateway/wire.ts'
import { callsTo } from '../support/http.ts'
import { parseMetrics, valueIn } from '../support/prometheus.ts'
import { startServer } from '../support/server.ts'
import { viewersOf } from '../support/socket-viewer.ts'

const ENTRIES = 300
const WITHIN = { timeout: 10_000 }

const server = await startServer()
const { call, createEvent, publish } = callsTo(server)
const { connect } = viewersOf(server)
afterAll(() => server.stop())

const closings: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closings.splice(0).reverse()) await close()
})

/** A fast path, what it warned of, and what it counted. */
async function openFastPath(check?: () => Promise<string | undefined>) {
  const warnings: { reason?: string; msg: string }[] = []
  const stream = new Writable({
    write(chunk, _encoding, done) {
      warnings.push(JSON.parse(String(chunk)))
      done()
    },
  })
  const metrics = createMetrics()
  const log = pino({ level: 'warn' }, stream)
  const path = startFastPath({ metrics, log, ...(check === undefined ? {} : { check }) })
  await path.checked
  const counted = async () => {
    const all = parseMetrics(await metrics.scrape())
    return {
      isOn: valueIn(all, 'dateline_fast_path'),
      straight: valueIn(all, 'dateline_viewer_writes_total{path="straight"}'),
      engine: valueIn(all, 'dateline_viewer_writes_total{path="engine"}'),
    }
  }
  return { path, warnings, counted }
}

/** A Socket.IO server whose one client is given entries through `path`, each after another turn of the event loop or two. */
async function giveEntries(path: FastPath, transports: ('polling' | 'websocket')[]): Promise<unknown[][]> {
  const http = createServer().listen(0, '127.0.0.1')
  await once(http, 'listening')
  const sockets = new Server(http, { transports: ['polling', 'websocket'], serveClient: false })
  closings.push(() => sockets.close())
  const given: unknown[][] = []
  const client = io(`http://127.0.0.1:${(http.address() as AddressInfo).port}`, { transports, forceNew: true })
  client.onAny((...args) => given.push(args))
  closings.push(() => client.disconnect())
  const [socket] = (await once(sockets, 'connection')) as [GatewaySocket]
  const viewer = socketViewer(socket, undefined, path)
  for (let seq = 1; seq <= ENTRIES; seq++) {
    const frame = entryFrame('talks', 'epoch1', lineOf(seq))
    if (frame === undefined) throw new Error('no frame')
    viewer.send(new Parcel([frame]))
    // What Socket.IO itself sends in between must keep its place.
    if (seq % 10 === 0) socket.emit('notice', { kind: 'token-expired' })
    if (seq % 3 === 0) await new Promise(resolve => setImmediate(resolve))
  }
  await vi.waitFor(() => expect(given.filter(([name]) => name === 'entry')).toHaveLength(ENTRIES), WITHIN)
  return given
}

function lineOf(seq: number): string {
  return JSON.stringify({ seq, chain: 'a'.repeat(40), at: '2026-11-24T10:00:00.000Z', type: 'event', text: 'é' })
}

/** All entries in order, with a notice behind every tenth. */
const EXPECTED = Array.from({ length: ENTRIES }, (_, i) => i + 1).flatMap(seq => [
  ['entry', 'talks', 'epoch1', JSON.parse(lineOf(seq))],
  ...(seq % 10 === 0 ? [['notice', { kind: 'token-expired' }]] : []),
])

describe('the fast path', () => {
  it('[FAST1] is tried at the start, and on when what comes out is what engine.io writes', async () => {
    expect(await checkWire()).toBeUndefined()
    const { path, warnings, counted } = await openFastPath()
    expect(path.isOn).toBe(true)
    expect(warnings).toEqual([])
    expect(await counted()).toEqual({ isOn: 1, straight: 0, engine: 0 })
  })

  it('[FAST2] is off, with a warning and a metric, when a field is gone or the check fails', async () => {
    for (const check of [
      async () => 'these fields are not as they should be: transport.socket._sender.sendFrame',
      async () => Promise.reject(new Error('no such module')),
    ]) {
      const { path, warnings, counted } = await openFastPath(check)
      expect(path.isOn).toBe(false)
      expect(warnings).toEqual([expect.objectContaining({ msg: expect.stringContaining('not written straight') })])
      expect(warnings[0]?.reason).toMatch(/sendFrame|no such module/)
      expect((await counted()).isOn).toBe(0)
    }
  })

  it('[FAST2] names each field that is not as it was', () => {
    const stream = { writableLength: 0, write: () => true }
    const websocket = { readyState: 1, bufferedAmount: 0, extensions: '', _socket: stream }
    const transport = { name: 'websocket', writable: true, socket: websocket }
    const whole = { writeBuffer: [], transport }
    expect(missingFields(whole)).toEqual([])
    expect(missingFields({ ...whole, writeBuffer: undefined })).toEqual(['writeBuffer'])
    const other = { ...websocket, extensions: 'permessage-deflate', _socket: { writableLength: 0 } }
    expect(missingFields({ ...whole, transport: { ...transport, socket: other } })).toEqual([
      'transport.socket.extensions',
      'transport.socket._socket.write',
    ])
    expect(missingFields({})).toHaveLength(8)
  })

  it.each([
    ['on', 'websocket', ['websocket']],
    ['on', 'polling', ['polling']],
    ['on', 'an upgrade from polling to websocket', ['polling', 'websocket']],
    ['off', 'websocket', ['websocket']],
    ['off', 'polling', ['polling']],
  ] as const)(
    '[FAST3] a public Socket.IO client is given all in order: %s, over %s',
    async (state, _by, transports) => {
      const { path, counted } = await openFastPath(state === 'on' ? undefined : async () => 'a test')
      expect(await giveEntries(path, [...transports])).toEqual(EXPECTED)
      const { straight, engine } = await counted()
      expect(straight + engine).toBe(ENTRIES)
      if (state === 'off' || transports.length === 1) {
        const isStraight = state === 'on' && transports[0] === 'websocket'
        expect(straight > 0).toBe(isStraight)
      }
    },
  )
})

describe('a gateway', () => {
  it('[FAST1] writes straight to websockets, tells so by its metrics, and offers no polling', async () => {
    await createEvent({ id: 'talks' })
    const viewer = await connect()
    await viewer.join('talks')
    await publish('talks')
    await viewer.reaches(2)
    viewer.expectNoGap()
    const metrics = parseMetrics((await call('GET', '/metrics', { as: 'ops' })).text)
    expect(valueIn(metrics, 'dateline_fast_path')).toBe(1)
    expect(valueIn(metrics, 'dateline_viewer_writes_total{path="straight"}')).toBeGreaterThan(0)

    const polling = io(server.url, { transports: ['polling'], forceNew: true, reconnection: false })
    closings.push(() => polling.disconnect())
    await new Promise(resolve => polling.once('connect_error', resolve))
    expect(polling.connected).toBe(false)
  })
})
