// The same as crowd.c, where there is no C compiler: the same commands and answers (see there), in a thread of Node. It costs
// several times as much, so it may be what holds a server back: its share of its core is printed.
import { Buffer } from 'node:buffer'
import { connect, type Socket } from 'node:net'
import { createInterface } from 'node:readline'
import { clockMs } from '../clock.ts'
import { DIGITS, MARK } from '../contender.ts'

interface Viewer {
  readonly socket: Socket
  readonly join: string
  state: 'connecting' | 'greeting' | 'joining' | 'in'
  last: number
  left: Buffer
}

interface Tally {
  viewers: number
  readonly firstMs: number
  lastMs: number
}

interface Opening {
  readonly kind: string
  readonly host: string
  readonly port: number
  readonly wanted: number
  readonly atOnce: number
  readonly request: string
  readonly joins: readonly string[]
  readonly fromMs: number
}

const ENTRY = '42["entry"'
const UPGRADE =
  'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n'

let opening: Opening | undefined
let viewers: Viewer[] = []
let inside = 0
let answers = { resumed: 0, restarted: 0, bytes: 0 }
let tallies = new Map<number, Tally>()
let waiting: { from: number; to: number } | undefined
let messageBytes = 0

createInterface(process.stdin)
  .on('line', obey)
  .on('close', () => process.exit())

function obey(line: string): void {
  const [command, from, to] = line.split(' ')
  if (command === 'open') open(line)
  else if (command === 'close') close()
  else if (command === 'wait') {
    waiting = { from: Number(from), to: Number(to) }
    answerWait()
  } else if (command === 'usage') {
    const { user, system } = process.cpuUsage()
    say(`usage ${(user + system) / 1_000}`)
  } else fail('no such command')
}

function open(line: string): void {
  const [words = '', path = '/', ...joins] = line.split('\t')
  const [, kind = '', host = '', port, wanted, atOnce] = words.split(' ')
  const request = `GET ${path} HTTP/1.1\r\nHost: ${host}:${port}\r\n${kind === 'stream' ? '' : UPGRADE}\r\n`
  const numbers = { port: Number(port), wanted: Number(wanted), atOnce: Number(atOnce) }
  opening = { kind, host, ...numbers, request, joins, fromMs: clockMs() }
  viewers = []
  inside = 0
  answers = { resumed: 0, restarted: 0, bytes: 0 }
  tallies = new Map()
  startSome(opening)
}

function startSome(how: Opening): void {
  while (viewers.length < how.wanted && viewers.length - inside < how.atOnce) {
    const socket = connect(how.port, how.host).setNoDelay()
    const join = how.joins[viewers.length & 1] ?? ''
    const viewer: Viewer = { socket, join, state: 'connecting', last: 0, left: Buffer.alloc(0) }
    viewers.push(viewer)
    socket.on('error', error => fail(`a viewer was cut off: ${error.message}`))
    socket.on('end', () => fail('a viewer was closed'))
    socket.on('data', data => take(how, viewer, data))
    socket.write(how.request)
  }
}

function take(how: Opening, viewer: Viewer, data: Buffer): void {
  const all = viewer.left.length === 0 ? data : Buffer.concat([viewer.left, data])
  let at = 0
  for (let taken = 1; taken > 0 && at < all.length; at += taken) taken = takeOne(how, viewer, all.subarray(at))
  viewer.left = all.subarray(at)
}

/** The first whole frame, event or head of an answer: how many bytes that were; 0 when none is whole. */
function takeOne(how: Opening, viewer: Viewer, bytes: Buffer): number {
  if (viewer.state === 'connecting') {
    const end = bytes.indexOf('\r\n\r\n')
    if (end < 0) return 0
    const status = how.kind === 'stream' ? 'HTTP/1.1 200' : 'HTTP/1.1 101'
    if (!bytes.toString('latin1', 0, status.length).startsWith(status)) fail('a viewer was not let in')
    viewer.state = 'greeting'
    if (how.kind === 'websocket') enter(how, viewer)
    return end + 4
  }
  if (how.kind === 'stream') {
    const end = bytes.indexOf('\n\n')
    if (end < 0) return 0
    takeEvent(how, viewer, bytes.subarray(0, end))
    return end + 2
  }
  if (bytes.length < 2) return 0
  const short = bytes.readUInt8(1)
  const from = short < 126 ? 2 : short === 126 ? 4 : 10
  if (bytes.length < from) return 0
  const length = short < 126 ? short : short === 126 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2))
  if (bytes.length < from + length) return 0
  if ((bytes.readUInt8(0) & 15) === 8) fail('a viewer was closed')
  takeMessage(how, viewer, bytes.subarray(from, from + length))
  return from + length
}

function takeMessage(how: Opening, viewer: Viewer, message: Buffer): void {
  const start = message.toString('latin1', 0, ENTRY.length)
  if (start === ENTRY) count(how, viewer, message)
  else if (how.kind !== 'socket.io') return
  else if (start === '2') send(viewer, '3')
  else if (viewer.state === 'greeting' && start.startsWith('0')) send(viewer, '40')
  else if (viewer.state === 'greeting' && start.startsWith('40')) {
    viewer.state = 'joining'
    if (viewer.join === '') enter(how, viewer)
    else send(viewer, viewer.join)
  } else if (viewer.state === 'joining' && start.startsWith('430')) {
    noteAnswer(message)
    enter(how, viewer)
  }
}

function takeEvent(how: Opening, viewer: Viewer, event: Buffer): void {
  const start = event.toString('latin1', 0, 16)
  if (start.includes('id:')) count(how, viewer, event)
  else if (viewer.state === 'greeting' && start.includes('event:re')) {
    noteAnswer(event)
    enter(how, viewer)
  }
}

function noteAnswer(answer: Buffer): void {
  const start = answer.toString('latin1', 0, 60)
  if (start.includes('resumed')) answers.resumed++
  else if (start.includes('restarted')) answers.restarted++
  else fail('a join was refused')
  answers.bytes = Math.max(answers.bytes, answer.length)
}

function enter(how: Opening, viewer: Viewer): void {
  viewer.state = 'in'
  inside++
  if (viewers.length < how.wanted) startSome(how)
  else if (inside === how.wanted) {
    say(`opened ${how.fromMs} ${clockMs()} ${answers.resumed} ${answers.restarted} ${answers.bytes}`)
  }
}

function count(how: Opening, viewer: Viewer, text: Buffer): void {
  const from = text.indexOf(MARK) + MARK.length
  const number = Number(text.toString('latin1', from, from + DIGITS))
  if (!Number.isInteger(number)) fail('an entry without a number')
  if (viewer.last !== 0 && number !== viewer.last + 1) fail('a viewer missed an update, or was given one twice')
  viewer.last = number
  const tally = tallies.get(number) ?? { viewers: 0, firstMs: clockMs(), lastMs: 0 }
  tallies.set(number, tally)
  if (++tally.viewers < how.wanted) return
  tally.lastMs = clockMs()
  messageBytes = text.length
  answerWait()
}

function answerWait(): void {
  if (waiting === undefined) return
  const [first, last] = [tallies.get(waiting.from), tallies.get(waiting.to)]
  if (first === undefined || last === undefined || last.lastMs === 0) return
  waiting = undefined
  say(`seen ${first.firstMs} ${last.lastMs} ${messageBytes}`)
}

/** A text frame of a client; with a masking key of zeros the text stands in it as it is. */
function send({ socket }: Viewer, text: string): void {
  const size = Buffer.byteLength(text)
  const head = size < 126 ? [0x81, 0x80 | size] : [0x81, 0x80 | 126, size >> 8, size & 255]
  socket.write(Buffer.concat([Buffer.from([...head, 0, 0, 0, 0]), Buffer.from(text)]))
}

function close(): void {
  for (const { socket } of viewers)
    socket
      .removeAllListeners()
      .on('error', () => socket.destroy())
      .resetAndDestroy()
  viewers = []
  say('closed')
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

function fail(reason: string): never {
  say(`failed ${reason}`)
  process.exit(1)
}
