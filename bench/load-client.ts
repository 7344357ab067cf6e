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
  /**
   * Answers when every viewer has `count` updates; rejects after `withinMs`, and when a viewer was given one twice. (Not
   * when they came in another order than they were sent in: posts that overlap are accepted in any order.)
   */
  readonly seen: { takes: { count: number; withinMs: number }; gives: Seen }
  readonly close: { takes: null; gives: null }
}

export interface Seen {
  /** When the first and the last of all viewers had each number, on the shared clock. */
  readonly times: readonly (readonly [number: number, firstMs: number, lastMs: number])[]
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

/** What a viewer was given so far; two of equal count and sum were given the same. */
interface Viewer {
  readonly socket: WebSocket
  count: number
  sum: number
}

let viewers: Viewer[] = []
let tallies = new Map<number, Tally>()
let complete = 0
let messageBytes = 0

answerCalls<LoadCalls>({
  async open({ door, viewers: wanted }) {
    viewers = []
    tallies = new Map()
    complete = 0
    const openSome = async () => {
      while (viewers.length < wanted) await openViewer(door)
    }
    await Promise.all(Array.from({ length: OPENING }, openSome))
    return null
  },

  async seen({ count, withinMs }) {
    const deadline = clockMs() + withinMs
    while (complete < count) {
      if (clockMs() > deadline) throw new Error(`after ${withinMs} ms ${complete} of ${count} updates were everywhere`)
      await sleep(POLL_MS)
    }
    const sum = [...tallies.keys()].reduce((total, number) => total + number, 0)
    if (viewers.some(viewer => viewer.count !== count || viewer.sum !== sum)) throw new Error('a viewer got one twice')
    const times = [...tallies].flatMap(([number, { firstMs, lastMs }]) =>
      lastMs === undefined ? [] : [[number, firstMs, lastMs] as const],
    )
    return { times, messageBytes }
  },

  async close() {
    const closed = viewers.map(({ socket }) => once(socket, 'close'))
    for (const { socket } of viewers) socket.terminate()
    await Promise.all(closed)
    return null
  },
})

async function openViewer(door: Door): Promise<void> {
  const url = door.kind === 'socket.io' ? `${door.url}/socket.io/?EIO=4&transport=websocket` : door.url
  const socket = new WebSocket(url, { perMessageDeflate: false, skipUTF8Validation: true })
  const viewer = { socket, count: 0, sum: 0 }
  viewers.push(viewer)
  const opened = once(socket, 'open')
  const joined = door.kind === 'socket.io' ? join(socket, door.eventId) : opened
  countEntries(viewer)
  await opened
  await joined
}

function countEntries(viewer: Viewer): void {
  viewer.socket.on('message', (data: Buffer) => {
    if (data.toString('latin1', 0, ENTRY.length) !== ENTRY) return
    const number = numberIn(data)
    viewer.count++
    viewer.sum += number
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
  if (tally.viewers !== viewers.length) return
  tally.lastMs = clockMs()
  complete++
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
