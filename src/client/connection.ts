import { io, type Socket } from 'socket.io-client'
import type { Problem } from '../protocol/problems.ts'
import { REFUSE_INSIDE } from '../protocol/refuse-inside.ts'
import type { ClientEvents } from '../protocol/socket.ts'
import { type BackOff, backOffMs } from './back-off.ts'
import { readBeacon, readNotice, readProblem } from './received.ts'
import { askedToWaitMs } from './repeats.ts'

/** How a lost connection is tried again. A gateway that restarts has all its viewers come back within the first wait. */
const RECONNECT: BackOff = { baseMs: 1_000, capMs: 30_000 }

/** Who was given a time to come back comes within this time after it. */
const AFTER_SLOT_MS = 250

/** A connection that is not there after this long counts as failed, an answer likewise. */
const CONNECT_TIMEOUT_MS = 15_000
const ANSWER_TIMEOUT_MS = 10_000

export type LinkState =
  | { readonly name: 'closed' }
  | { readonly name: 'connecting'; readonly attempt: number }
  | { readonly name: 'open' }
  | { readonly name: 'waiting'; readonly attempt: number; readonly retryInMs: number; readonly why: string }
  /** The gateway lets this token in nowhere; another one is tried at once. */
  | { readonly name: 'refused'; readonly problem: Problem }

/** What one room is told by its connection. Messages come as they were received. */
export interface RoomPort {
  /** The room's name on the wire: the event's id, or of a rehearsal `replay:<replayId>`. */
  readonly name: string
  /** False once it was refused for good: only another token may change that. */
  readonly wantsIn: boolean
  link(state: LinkState): void
  entry(epoch: unknown, entry: unknown): void
  beacon(beacon: NonNullable<ReturnType<typeof readBeacon>>): void
  /** The server has this room joined again, without a position. */
  restart(reason: string): void
  /** Whether this viewer may be here has to be asked anew: its token changed or expired. */
  recheck(): void
}

export interface ConnectionNeeds {
  readonly url: string
  token(): string | undefined
  /** From 0 up to, not including, 1. */
  random(): number
}

export interface Connection {
  readonly state: LinkState
  /** Connects for the first room, disconnects after the last. */
  add(room: RoomPort): void
  remove(room: RoomPort): void
  /** Rejects when there is no answer within ANSWER_TIMEOUT_MS, or the connection is lost. */
  ask(...message: Question): Promise<unknown>
  /** Something useful came over this connection: the next loss starts with a short wait again. */
  proven(): void
  tokenChanged(): void
}

type Question = { [K in keyof ClientEvents]: [name: K, request: Parameters<ClientEvents[K]>[0]] }[keyof ClientEvents]

/** One socket for all rooms of a client, kept up by the SDK itself. */
export function createConnection({ url, token, random }: ConnectionNeeds): Connection {
  const rooms = new Map<string, RoomPort>()
  const socket: Socket = io(url, {
    transports: ['websocket'],
    autoConnect: false,
    forceNew: true,
    reconnection: false,
    query: { [REFUSE_INSIDE]: '1' },
    auth: answer => answer(authOf(token())),
  })
  let state: LinkState = { name: 'closed' }
  let failures = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  socket.on('connect', () => enter({ name: 'open' }))
  socket.on('connect_error', (error: Error & { data?: unknown }) => {
    if (state.name !== 'connecting') return
    const problem = readProblem(error.data)
    if (problem !== undefined && !problem.retry) enter({ name: 'refused', problem })
    else lose(problem?.title ?? 'The gateway cannot be reached.', askedToWaitMs(problem))
  })
  socket.on('disconnect', () => {
    // A gateway closes what is in no room. There is nothing to come back for then, until the token changes.
    if (state.name === 'open' && ![...rooms.values()].some(room => room.wantsIn)) state = { name: 'closed' }
    else if (state.name === 'open' || state.name === 'connecting') lose('The connection was lost.')
  })
  socket.on('entry', (room: unknown, epoch: unknown, entry: unknown) => rooms.get(String(room))?.entry(epoch, entry))
  socket.on('beacon', (received: unknown) => {
    const beacon = readBeacon(received)
    if (beacon !== undefined) rooms.get(beacon.eventId)?.beacon(beacon)
  })
  socket.on('notice', (received: unknown) => {
    const notice = readNotice(received)
    if (notice?.kind === 'draining') schedule(notice.reconnectInMs, reconnect)
    else if (notice?.kind === 'restart') rooms.get(notice.eventId)?.restart(notice.reason)
    else if (notice?.kind === 'token-expired') recheckAll()
  })

  function enter(next: LinkState): void {
    clearTimeout(timer)
    state = next
    for (const room of [...rooms.values()]) room.link(next)
  }

  function schedule(inMs: number, act: () => void): void {
    clearTimeout(timer)
    timer = setTimeout(act, inMs)
  }

  function connect(): void {
    enter({ name: 'connecting', attempt: failures + 1 })
    schedule(CONNECT_TIMEOUT_MS, () => lose('The gateway did not answer.'))
    socket.connect()
  }

  /** `askedMs`: what the gateway asks to wait at least. It gave each viewer a time of its own, so little is added to it. */
  function lose(why: string, askedMs = 0): void {
    failures += 1
    const retryInMs = askedMs > 0 ? askedMs + random() * AFTER_SLOT_MS : backOffMs(RECONNECT, failures, random())
    enter({ name: 'waiting', attempt: failures, retryInMs, why })
    socket.disconnect()
    schedule(retryInMs, connect)
  }

  /** A connection that is given up on purpose: nothing failed, so nothing is waited for. */
  function reconnect(): void {
    state = { name: 'closed' }
    socket.disconnect()
    connect()
  }

  function recheckAll(): void {
    for (const room of [...rooms.values()]) room.recheck()
  }

  async function refresh(fresh: string): Promise<void> {
    // Whatever the gateway says of the token, each room finds out for itself whether it is still let in.
    await Promise.allSettled([ask('refresh', { token: fresh })])
    recheckAll()
  }

  async function ask(...[name, request]: Question): Promise<unknown> {
    // The socket would keep it and send it after the next connect, when it is no longer what the room wants.
    if (state.name !== 'open') throw new Error('not connected')
    return socket.timeout(ANSWER_TIMEOUT_MS).emitWithAck(name, request)
  }

  const network = watchNetwork({
    online: () => {
      if (state.name === 'waiting') connect()
    },
    offline: () => {
      if (state.name === 'open' || state.name === 'connecting') lose('This device is offline.')
    },
  })

  return {
    get state() {
      return state
    },
    add(room) {
      rooms.set(room.name, room)
      if (rooms.size === 1) network.start()
      if (state.name === 'closed') connect()
      else room.link(state)
    },
    remove(room) {
      if (rooms.get(room.name) !== room) return
      rooms.delete(room.name)
      if (rooms.size > 0) return
      network.stop()
      failures = 0
      enter({ name: 'closed' })
      socket.disconnect()
    },
    ask,
    proven() {
      failures = 0
    },
    tokenChanged() {
      const now = token()
      if (rooms.size === 0) return
      if (state.name === 'open' && now !== undefined) void refresh(now)
      else reconnect()
    },
  }
}

function authOf(token: string | undefined): { token?: string } {
  return token === undefined ? {} : { token }
}

/** A browser's word on its network; elsewhere it is never told. */
function watchNetwork({ online, offline }: { online(): void; offline(): void }) {
  const isTold = typeof globalThis.addEventListener === 'function'
  return {
    start() {
      if (!isTold) return
      globalThis.addEventListener('online', online)
      globalThis.addEventListener('offline', offline)
    },
    stop() {
      if (!isTold) return
      globalThis.removeEventListener('online', online)
      globalThis.removeEventListener('offline', offline)
    },
  }
}
