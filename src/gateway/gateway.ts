import type { Server as HttpServer, IncomingMessage } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { type DisconnectReason, Server } from 'socket.io'
import { Refusal } from '../foundation/errors.ts'
import type { Part } from '../foundation/lifecycle.ts'
import type { Logger } from '../foundation/logger.ts'
import type { DropReason, Metrics } from '../foundation/metrics.ts'
import { hasRole, reaches, type Subject, type Tokens } from '../foundation/tokens.ts'
import type { RoomPresence } from '../protocol/ops.ts'
import { REFUSE_INSIDE } from '../protocol/refuse-inside.ts'
import { type ClientEvents, JoinRequest, LeaveRequest, RefreshRequest, type ServerEvents } from '../protocol/socket.ts'
import type { Door, ViewerLimits } from './door.ts'
import { drainSlots } from './drain-slots.ts'
import { type FastPathNeeds, startFastPath } from './fast-path.ts'
import { handshakesOf } from './forget-handshake.ts'
import { joinedJson } from './join-answer.ts'
import { eventNotFound } from './latest-snapshot.ts'
import { createManners } from './manners.ts'
import { isOriginAllowed, originRefused } from './origin.ts'
import { problemOf } from './problem-of.ts'
import { ReadyJson, readyJsonParser } from './ready-json.ts'
import { refuseUpgrade } from './refuse-upgrade.ts'
import { type RoomDoor, type Rooms, roomName } from './rooms.ts'
import { answerRequests } from './socket-requests.ts'
import { beginStay } from './stay.ts'
import type { Streams } from './streams.ts'
import { type GatewaySocket, type SocketData, socketViewer, type Viewer } from './viewer.ts'

export interface GatewayNeeds {
  readonly http: HttpServer
  readonly rooms: Rooms
  /** Viewers of the same rooms on event streams: they are drained with those on sockets. */
  readonly streams: Streams
  readonly tokens: Tokens
  readonly door: Door
  readonly limits: Omit<ViewerLimits, 'handshakesPerAddress' | 'socketsPerS' | 'streamsPerAddress'>
  readonly publicOrigins: readonly string[]
  /** How long viewers are still served after they were told to go elsewhere. */
  readonly drainMs: number
  readonly metrics: Pick<Metrics, 'viewers' | 'drops' | 'joins' | 'limited' | 'onScrape'> & FastPathNeeds['metrics']
  readonly log: Logger
}

/** Largest message of a client, in bytes. */
export const MAX_MESSAGE_BYTES = 16_384
const HANDSHAKE_MS = 8_000
/**
 * A connection that died without a word is noticed by both sides within the sum of these, not after the 45 s that Socket.IO
 * would take: also of 50 entries a second its viewer misses fewer than the 1,000 that it can catch up with.
 */
const PING_EVERY_MS = 6_000
const PONG_WITHIN_MS = 9_000
/** Who has not gone by itself so long after its time is disconnected, as evenly as they were to go. */
const OWN_ACCORD_MS = 1_000
/** After the drain, for closing what is left. */
const CLOSE_MS = 3_000
const LOOK_AGAIN_MS = 50

export interface Gateway extends Part {
  readonly isDraining: boolean
  readonly viewers: number
  /** The open rooms. */
  rooms(): Promise<RoomPresence[]>
}

/** Viewers on Socket.IO: each request is answered through its ack, and none of them throws. */
export function startGateway(needs: GatewayNeeds): Gateway {
  const { http, rooms, streams, tokens, limits, publicOrigins, drainMs, metrics, log } = needs
  let isDraining = false
  const manners = createManners({ limits, metrics })
  /** Handshakes that are let in only to be told when to come back. */
  const refusedInside = new WeakMap<IncomingMessage, Refusal>()
  const fastPath = startFastPath({ metrics, log })
  const io = new Server<ClientEvents, ServerEvents, Record<string, never>, SocketData>(http, {
    transports: ['websocket'],
    serveClient: false,
    perMessageDeflate: false,
    maxHttpBufferSize: MAX_MESSAGE_BYTES,
    connectTimeout: limits.joinWithinMs === 0 ? HANDSHAKE_MS : Math.min(limits.joinWithinMs, HANDSHAKE_MS),
    pingInterval: PING_EVERY_MS,
    pingTimeout: PONG_WITHIN_MS,
    parser: readyJsonParser,
    allowRequest: (req, allow) => {
      admit(req).then(
        () => allow(null, true),
        (error: unknown) => refuseUpgrade(req, asRefusal(error)),
      )
    },
  })

  async function admit(req: IncomingMessage): Promise<void> {
    if (isDraining) throw new Refusal('unavailable', 'This gateway is going. Connect again.')
    if (!isOriginAllowed(req, publicOrigins)) throw originRefused(req)
    const refusal = await needs.door.knock(req)
    if (refusal === undefined) return
    // A page is not shown what an upgrade is refused with. By address it is refused out here, where that costs least.
    if (refusal.code === 'too-many' || !wantsInside(req)) throw refusal
    refusedInside.set(req, refusal)
  }

  const viewers = () => io.engine.clientsCount + streams.viewers
  metrics.onScrape(() => metrics.viewers.set(viewers()))

  io.use((socket, next) => {
    const refusal = refusedInside.get(socket.request)
    if (refusal !== undefined) {
      next(Object.assign(new Error('refused'), { data: problemOf(refusal) }))
      setImmediate(() => socket.conn.close()) // once that is sent
      return
    }
    subjectOf(socket, tokens).then(
      subject => {
        socket.data.viewer = socketViewer(socket, subject, fastPath)
        next()
      },
      (error: unknown) => next(Object.assign(new Error('refused'), { data: problemOf(error) })),
    )
  })

  const handshakes = handshakesOf(io)
  io.on('connection', socket => {
    handshakes.forget(socket)
    const { viewer } = socket.data
    if (viewer === undefined) return
    /** The rooms that this socket was let into or is about to be: a leave right behind its join counts as well. */
    const joined = new Map<string, RoomDoor>()
    const stay = beginStay({
      ...limits,
      end() {
        socket.data.dropped = 'idle'
        socket.disconnect(true)
      },
    })
    const answer = answerRequests(socket, { manners, metrics, log })

    answer('join', JoinRequest, async ({ after, ...door }, ack) => {
      stay.asks()
      const name = roomName(door)
      const wasJoined = joined.has(name)
      joined.set(name, door)
      try {
        if (door.replay !== undefined) refuseUnlessRehearsing(viewer.subject, door.eventId)
        const room = await rooms.enter(door)
        if (room === undefined) throw noRoom(door)
        await room.join(viewer, after, joined => ack(joinedJson(joined)))
        // The viewer may have left, or its socket closed, while its answer was read.
        if (!joined.has(name) || !socket.connected) room.leave(viewer)
      } catch (error) {
        if (!wasJoined) joined.delete(name)
        throw error
      } finally {
        stay.isIn(joined.size)
      }
    })

    answer('leave', LeaveRequest, async (door, ack) => {
      if (joined.delete(roomName(door))) (await rooms.enter(door))?.leave(viewer)
      stay.isIn(joined.size)
      ack(DONE)
    })

    answer('refresh', RefreshRequest, async ({ token }, ack) => {
      viewer.subject = await tokens.verify(token)
      ack(DONE)
    })

    socket.on('disconnect', why => {
      stay.over()
      const reason = socket.data.dropped ?? DROPS[why]
      if (reason !== undefined) metrics.drops.inc({ reason })
      for (const door of joined.values()) leaveOpen(door, viewer)
    })
  })

  function leaveOpen(door: RoomDoor, viewer: Viewer): void {
    rooms.enter(door).then(
      room => room?.leave(viewer),
      (err: unknown) => log.debug({ err, room: roomName(door) }, 'room closed before its viewer left'),
    )
  }

  return {
    name: 'gateway',
    stopsWithinMs: drainMs + OWN_ACCORD_MS + CLOSE_MS,
    get isDraining() {
      return isDraining
    },
    get viewers() {
      return viewers()
    },
    rooms: () => rooms.list(),
    async stop() {
      isDraining = true
      const ownAccordMs = Math.min(OWN_ACCORD_MS, drainMs)
      const deadline = Date.now() + drainMs + ownAccordMs
      const sockets = [...io.sockets.sockets.values()]
      for (const [i, reconnectInMs] of drainSlots(sockets.length, drainMs).entries()) {
        const socket = sockets[i]
        socket?.emit('notice', { kind: 'draining', reconnectInMs })
        const late = setTimeout(() => socket?.disconnect(true), reconnectInMs + ownAccordMs)
        socket?.once('disconnect', () => clearTimeout(late))
      }
      streams.drain(drainMs)
      while (viewers() > 0 && Date.now() < deadline) await pause(LOOK_AGAIN_MS)
      streams.close()
      io.disconnectSockets(true)
      io.engine.close()
    },
  }
}

/** Which ends of a connection are this gateway's doing; the others are the viewer's, or the network's. */
const DROPS: Partial<Record<DisconnectReason, DropReason>> = {
  'forced close': 'bad-message',
  'ping timeout': 'silent',
  'parse error': 'bad-message',
  'server namespace disconnect': 'draining',
}

/** As a query of the handshake: it is refused after it, by `connect_error`, which a page can read. */
function wantsInside({ url = '' }: IncomingMessage): boolean {
  return new URLSearchParams(url.split('?', 2)[1]).has(REFUSE_INSIDE)
}

function asRefusal(error: unknown): Refusal {
  return error instanceof Refusal ? error : new Refusal('internal', 'The handshake failed.', { cause: error })
}

const DONE = new ReadyJson('{"result":"done"}')

/** Rehearsals are for the newsroom. */
function refuseUnlessRehearsing(subject: Subject | undefined, eventId: string): void {
  if (subject === undefined) throw new Refusal('token-needed', 'A rehearsal needs the token of an editor or of ops.')
  if (!hasRole(subject, 'editor', 'ops')) throw new Refusal('not-allowed', 'This needs the role editor or ops.')
  if (!reaches(subject, eventId)) throw new Refusal('not-allowed', 'This token is for other events.')
}

function noRoom({ eventId, replay }: RoomDoor): Refusal {
  if (replay === undefined) return eventNotFound(eventId)
  return new Refusal('not-found', `There is no replay ${replay} of this event.`)
}

async function subjectOf(socket: GatewaySocket, tokens: Tokens): Promise<Subject | undefined> {
  const token: unknown = socket.handshake.auth['token']
  if (token === undefined || token === null || token === '') return undefined
  if (typeof token !== 'string') throw new Refusal('token-needed', 'auth.token must be a string.')
  return tokens.verify(token)
}
