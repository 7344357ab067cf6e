// A viewer of a rehearsal, as cheap as it can be: it reads the number of each entry, and expects the next one each time.
import { once } from 'node:events'
import { WebSocket } from 'ws'
import { answerCalls } from './child-process.ts'
import { clockMs } from './clock.ts'

export type RehearsalCalls = {
  /** Answers when it stands in the room of the replay, before its first entry. */
  readonly open: { takes: { url: string; token: string; eventId: string; replay: string }; gives: null }
  /** Answers when it stands before the first entry of the lap. */
  readonly stands: { takes: { epoch: string }; gives: null }
  /** When it was given the entry `seq`, on the shared clock. Rejects when an entry was missing or came twice. */
  readonly reached: { takes: { epoch: string; seq: number; withinMs: number }; gives: number }
}

const ENTRY = '42["entry"'
const NOTICE = '42["notice"'
const POLL_MS = 2

let socket: WebSocket | undefined
let question = { eventId: '', replay: '' }
let epoch = ''
let seq = 0
let lastMs = 0
let fault: string | undefined

answerCalls<RehearsalCalls>({
  async open({ url, token, eventId, replay }) {
    question = { eventId, replay }
    const opened = new WebSocket(`${url}/socket.io/?EIO=4&transport=websocket`, {
      perMessageDeflate: false,
      skipUTF8Validation: true,
    })
    socket = opened
    opened.on('message', (data: Buffer) => read(data, token))
    await once(opened, 'open')
    return null
  },
  async stands(wanted) {
    await until(
      () => epoch === wanted.epoch,
      10_000,
      () => `stands in ${epoch}`,
    )
    return null
  },
  async reached(wanted) {
    await until(
      () => epoch === wanted.epoch && seq >= wanted.seq,
      wanted.withinMs,
      () => `stands at ${seq} of ${epoch}`,
    )
    return lastMs
  },
})

function read(data: Buffer, token: string): void {
  const start = data.toString('latin1', 0, 11)
  if (start.startsWith(ENTRY)) take(data)
  else if (start === NOTICE) notice(data.toString())
  else if (start.startsWith('2')) socket?.send('3')
  else if (start.startsWith('0')) socket?.send(`40${JSON.stringify({ token })}`)
  else if (start.startsWith('40')) join()
  else if (start.startsWith('43')) answer(data.toString())
}

function take(data: Buffer): void {
  const at = data.indexOf('{"seq":') + '{"seq":'.length
  const number = Number(data.toString('latin1', at, data.indexOf(',', at)))
  if (number !== seq + 1) fault ??= `entry ${number} came after ${seq}`
  seq = number
  lastMs = clockMs()
}

/** A seek begins a new lap: join again. */
function notice(text: string): void {
  if (!text.includes('"reason":"epoch-changed"')) fault ??= text
  join()
}

function join(): void {
  socket?.send(`420${JSON.stringify(['join', { ...question, after: null }])}`)
}

function answer(text: string): void {
  const position = /"position":\{"epoch":"([^"]*)","seq":(\d+)/.exec(text)
  if (position === null) fault ??= text.slice(0, 300)
  epoch = position?.[1] ?? ''
  seq = Number(position?.[2])
}

async function until(isSo: () => boolean, withinMs: number, story: () => string): Promise<void> {
  const deadline = clockMs() + withinMs
  while (!isSo()) {
    if (fault !== undefined) throw new Error(`the viewer of the rehearsal: ${fault}`)
    if (clockMs() > deadline) throw new Error(`the viewer of the rehearsal ${story()} after ${withinMs} ms`)
    await new Promise(resolve => setTimeout(resolve, POLL_MS))
  }
  if (fault !== undefined) throw new Error(`the viewer of the rehearsal: ${fault}`)
}
