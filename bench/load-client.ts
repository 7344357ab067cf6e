// All viewers, in one process, as cheap as they can be: a websocket each, and a count for each update. The same code reads
// the messages of both contenders.
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { WebSocket } from 'ws'
import { answerCalls } from './child-process.ts'
import { clockMs } from './clock.ts'
import { DIGITS, type Door, MARK } from './contender.ts'

export type LoadCalls = {
  /** Answers when every viewer may count on being sent what comes. */
  readonly open: { takes: { door: Door; viewers: number }; gives: null }
  /** Answers when the last viewer has the update of this number; rejects after `withinMs`. */
  readonly seen: { takes: { last: number; withinMs: number }; gives: Seen }
  readonly close: { takes: null; gives: null }
}

export interface Seen {
  /** When the first and the last of all viewers had each number, on the shared clock. */
  readonly times: readonly (readonly [number: number, firstMs: number, lastMs: number])[]
  /** How often a viewer was given another number than the next one. */
  readonly outOfOrder: number
  readonly messageBytes: number
}

/** So many connect at once: more would wait in the server's backlog. */
const OPENING = 50
const POLL_MS = 20
/** How every message begins that carries an update. */
const ENTRY = '42["entry"'

interface Tally {
  viewers: number
  readonly firstMs: number
  lastMs: number | undefined
}

let sockets: WebSocket[] = []
let tallies = new Map<number, Tally>()
let outOfOrder = 0
let messageBytes = 0

answerCalls<LoadCalls>({
  async open({ door, viewers }) {
    tallies = new Map()
    outOfOrder = 0
    sockets = []
    const openSome = async () => {
      while (sockets.length < viewers) await openViewer(door)
    }
    await Promise.all(Array.from({ length: OPENING }, openSome))
    return null
  },

  async seen({ last, withinMs }) {
    const deadline = clockMs() + withinMs
    while (tallies.get(last)?.lastMs === undefined) {
      if (clockMs() > deadline) {
        throw new Error(
          `after ${withinMs} ms ${tallies.get(last)?.viewers ?? 0} of ${sockets.length} viewers have the last update`,
        )
      }
      await sleep(POLL_MS)
    }
    const times = [...tallies].flatMap(([number, { firstMs, lastMs }]) =>
      lastMs === undefined ? [] : [[number, firstMs, lastMs] as const],
    )
    return { times, outOfOrder, messageBytes }
  },

  async close() {
    const closed = sockets.map(socket => once(socket, 'close'))
    for (const socket of sockets) socket.terminate()
    await Promise.all(closed)
    return null
  },
})

async function openViewer(door: Door): Promise<void> {
  const url = door.kind === 'socket.io' ? `${door.url}/socket.io/?EIO=4&transport=websocket` : door.url
  const socket = new WebSocket(url, { perMessageDeflate: false, skipUTF8Validation: true })
  sockets.push(socket)
  const opened = once(socket, 'open')
  const joined = door.kind === 'socket.io' ? join(socket, door.eventId) : opened
  countEntries(socket)
  await opened
  await joined
}

function countEntries(socket: WebSocket): void {
  let next: number | undefined
  socket.on('message', (data: Buffer) => {
    if (data.toString('latin1', 0, ENTRY.length) !== ENTRY) return
    const number = numberIn(data)
    if (next !== undefined && number !== next) outOfOrder++
    next = number + 1
    countArrival(number, data.length)
  })
}

function countArrival(number: number, bytes: number): void {
  let tally = tallies.get(number)
  if (tally === undefined) {
    tally = { viewers: 0, firstMs: clockMs(), lastMs: undefined }
    tallies.set(number, tally)
    messageBytes = bytes
  }
  tally.viewers++
  if (tally.viewers === sockets.length) tally.lastMs = clockMs()
}

function numberIn(data: Buffer): number {
  const from = data.indexOf(MARK) + MARK.length
  const number = Number(data.toString('latin1', from, from + DIGITS))
  if (!Number.isInteger(number)) throw new Error(`an entry has no number: ${data}`)
  return number
}

/** Speaks engine.io and Socket.IO by hand: handshake, connect, join from nothing, and a pong to each ping. */
function join(socket: WebSocket, eventId: string): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('close', () => reject(new Error('a viewer was closed before it had joined')))
    socket.on('message', (data: Buffer) => {
      const start = data.toString('latin1', 0, 3)
      if (start === '2') socket.send('3')
      else if (start.startsWith('0')) socket.send('40')
      else if (start.startsWith('40')) socket.send(`420${JSON.stringify(['join', { eventId, after: null }])}`)
      else if (start === '430') {
        if (data.toString('latin1', 0, 40).includes('"result":"restarted"')) resolve()
        else reject(new Error(`a join was answered with ${data.toString('utf8', 0, 200)}`))
      }
    })
  })
}
