import { createServer, IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import { duplexPair } from 'node:stream'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { Server } from 'socket.io'
import { eventFrame } from './frame.ts'
import { isFree, lineOf, missingFields, type Wire, writeByEngine } from './wire.ts'

const WITHIN_MS = 2_000
/** Longer than 125 bytes, so that the length stands in the frame as it does in most. */
const FRAME = eventFrame('check', JSON.stringify('é'.repeat(200)))

/**
 * Opens a websocket connection to a server of its own, in memory, and writes the same to it straight and by engine.io: both
 * must come out as the same bytes. Resolves with what is wrong, in words; undefined when nothing is.
 */
export async function checkWire(): Promise<string | undefined> {
  const http = createServer()
  const io = new Server(http, { transports: ['websocket'], serveClient: false, perMessageDeflate: false })
  const [near, far] = duplexPair()
  try {
    const opened = new Promise<object>(resolve => io.engine.once('connection', resolve))
    let written = Buffer.alloc(0)
    far.on('data', (chunk: Buffer) => {
      written = Buffer.concat([written, chunk])
    })
    http.emit('upgrade', handshake(near as Socket), near, Buffer.alloc(0))
    const conn = (await within(opened)) as Wire | undefined
    if (conn === undefined) return 'no connection was opened'
    await until(() => missingFields(conn).length === 0)
    const missing = missingFields(conn)
    if (missing.length > 0) return `these fields are not as they should be: ${missing.join(', ')}`

    const before = written.length
    const { length } = FRAME.bytes
    const line = lineOf(conn)
    if (line === undefined || !isFree(line)) return 'an idle connection cannot be written to'
    line.stream.write(FRAME.bytes)
    writeByEngine(conn, [FRAME])
    await until(() => written.length >= before + 2 * length)
    const [straight, byEngine] = [written.subarray(before, before + length), written.subarray(before + length)]
    return straight.equals(byEngine) ? undefined : 'what was written is not what engine.io writes'
  } finally {
    io.engine.close()
    near.destroy()
    far.destroy()
  }
}

/** What a Socket.IO client asks for first. */
function handshake(socket: Socket): IncomingMessage {
  return Object.assign(new IncomingMessage(socket), {
    method: 'GET',
    url: '/socket.io/?EIO=4&transport=websocket',
    headers: {
      connection: 'upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': Buffer.alloc(16).toString('base64'),
    },
  })
}

async function until(isSo: () => boolean): Promise<void> {
  const deadline = Date.now() + WITHIN_MS
  while (!isSo() && Date.now() < deadline) await nextTurn()
}

async function within<T>(promise: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<undefined>(resolve => {
    timer = setTimeout(() => resolve(undefined), WITHIN_MS)
  })
  return await Promise.race([promise, late]).finally(() => clearTimeout(timer))
}
