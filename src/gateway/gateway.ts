import { type Server as HttpServer, type IncomingMessage, STATUS_CODES } from 'node:http'
import { type DisconnectReason, Server } from 'socket.io'
import type { z } from 'zod'
import { accept } from '../foundation/accept.ts'
import { Refusal, toProblem } from '../foundation/errors.ts'
import type { Part } from '../foundation/lifecycle.ts'
import type { Logger } from '../foundation/logger.ts'
import type { DropReason, Metrics } from '../foundation/metrics.ts'
import { hasRole, reaches, type Subject, type Tokens } from '../foundation/tokens.ts'
import type { RoomPresence } from '../protocol/ops.ts'
import {
  type ClientEvents,
  JoinRequest,
  LeaveRequest,
  type PlainAnswer,
  RefreshRequest,
  type ServerEvents,
} from '../protocol/socket.ts'
import { type FastPathNeeds, startFastPath } from './fast-path.ts'
import { joinedJson } from './join-answer.ts'
import { eventNotFound } from './latest-snapshot.ts'
import { isOriginAllowed } from './origin.ts'
import { problemOf } from './problem-of.ts'
import { ReadyJson, readyJsonParser } from './ready-json.ts'
import { type RoomDoor, type Rooms, roomName } from './rooms.ts'
import type { Streams } from './streams.ts'
import { type GatewaySocket, type SocketData, socketViewer, type Viewer } from './viewer.ts'

export interface GatewayNeeds {
  readonly http: HttpServer
  readonly rooms: Rooms
  /** Viewers of the same rooms on event streams: they are drained with those on sockets. */
  readonly streams: Streams
  readonly tokens: Tokens
  readonly publicOrigins: readonly string[]
  /** How long viewers are still served after they were told to go elsewhere. */
  readonly drainMs: number
  readonly metrics: Pick<Metrics, 'viewers' | 'drops' | 'joins' | 'onScrape'> & FastPathNeeds['metrics']
  readonly log: Logger
}

/** Largest message of a client, in bytes. */
export const MAX_MESSAGE_BYTES = 16_384
const HANDSHAKE_MS = 8_000
/** After the drain, for closing what is left. */
const CLOSE_MS = 3_000

export interface Gateway extends Part {
  readonly isDraining: boolean
  readonly viewers: number
  /** The open rooms. */
  rooms(): Promise<RoomPresence[]>
}

/** Viewers on Socket.IO: each request is answered through its ack, and none of them throws. */
export function startGateway(needs: GatewayNeeds): Gateway {
  const { http, rooms, streams, tokens, publicOrigins, drainMs, metrics, log } = needs
  let isDraining = false
  const fastPath = startFastPath({ metrics, log })
  const io = new Server<ClientEvents, ServerEvents, Record<string, never>, SocketData>(http, {
    transports: ['websocket'],
    serveClient: false,
    perMessageDeflate: false,
    maxHttpBufferSize: MAX_MESSAGE_BYTES,
    connectTimeout: HANDSHAKE_MS,
    parser: readyJsonParser,
    allowRequest: (req, allow) => {
      if (isDraining) refuseUpgrade(req, new Refusal('unavailable', 'This gateway is going. Connect again.'))
      else if (isOriginAllowed(req, publicOrigins)) allow(null, true)
      else refuseUpgrade(req, new Refusal('not-allowed', `Pages of ${req.headers.origin} may not connect here.`))
    },
  })

  const viewers = () => io.engine.clientsCount + streams.viewers
  metrics.onScrape(() => metrics.viewers.set(viewers()))

  io.use((socket, next) => {
    subjectOf(socket, tokens).then(
      subject => {
        socket.data.viewer = socketViewer(socket, subject, fastPath)
        next()
      },
      (error: unknown) => next(Object.assign(new Error('refused'), { data: problemOf(error) })),
    )
  })

  io.on('connection', socket => {
    const { viewer } = socket.data
    if (viewer === undefined) return
    /** The rooms that this socket was let into or is about to be: a leave right behind its join counts as well. */
    const joined = new Map<string, RoomDoor>()
    const answer = answering(socket)

    answer('join', JoinRequest, async ({ after, ...door }, ack) => {
      if (door.replay !== undefined) refuseUnlessRehearsing(viewer.subject, door.eventId)
      const name = roomName(door)
      const wasJoined = joined.has(name)
      joined.set(name, door)
      try {
        const room = await rooms.enter(door)
        if (room === undefined) throw noRoom(door)
        await room.join(viewer, after, joined => ack(joinedJson(joined)))
        // The viewer may have left, or its socket closed, while its answer was read.
        if (!joined.has(name) || !socket.connected) room.leave(viewer)
      } catch (error) {
        if (!wasJoined) joined.delete(name)
        throw error
      }
    })

    answer('leave', LeaveRequest, async (door, ack) => {
      if (joined.delete(roomName(door))) (await rooms.enter(door))?.leave(viewer)
      ack(DONE)
    })

    answer('refresh', RefreshRequest, async ({ token }, ack) => {
      viewer.subject = await tokens.verify(token)
      ack(DONE)
    })

    socket.on('disconnect', why => {
      const reason = socket.data.isBehind ? 'behind' : DROPS[why]
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

  /** Wraps a request: schema, refusals, and senders that want no answer or sent rubbish in its place. */
  function answering(socket: GatewaySocket) {
    return <S extends z.ZodType>(
      name: keyof ClientEvents,
      schema: S,
      act: (request: z.output<S>, ack: (answer: ReadyJson) => void) => Promise<void>,
    ): void => {
      socket.on(name, (...args: unknown[]) => {
        const ack = args.at(-1)
        if (typeof ack !== 'function') return // nobody to answer, and a join without its answer is of no use
        const reply = (answer: ReadyJson) => void ack(answer)
        Promise.resolve()
          .then(() => {
            if (args.length !== 2) throw new Refusal('invalid-request', `${name} takes one object and an ack.`)
            return act(accept(schema, args[0]), reply)
          })
          .catch((error: unknown) => {
            const problem = problemOf(error)
            if (problem.status === 500) log.error({ err: error, name }, 'socket request failed')
            if (name === 'join') metrics.joins.inc({ result: 'refused' })
            const refused: PlainAnswer = { result: 'refused', problem }
            reply(new ReadyJson(JSON.stringify(refused)))
          })
      })
    }
  }

  return {
    name: 'gateway',
    stopsWithinMs: drainMs + CLOSE_MS,
    get isDraining() {
      return isDraining
    },
    get viewers() {
      return viewers()
    },
    rooms: () => rooms.list(),
    async stop() {
      isDraining = true
      for (const socket of io.sockets.sockets.values()) {
        socket.emit('notice', { kind: 'draining', reconnectInMs: Math.floor(Math.random() * (drainMs + 1)) })
      }
      streams.drain(drainMs)
      if (viewers() > 0) await new Promise(resolve => setTimeout(resolve, drainMs))
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

/** engine.io would answer an upgrade with 400 and a line of HTML. */
function refuseUpgrade(req: IncomingMessage, refusal: Refusal): void {
  const problem = toProblem(refusal)
  const body = JSON.stringify(problem)
  const head = [
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}`,
    'Connection: close',
    'Content-Type: application/problem+json',
    `Content-Length: ${Buffer.byteLength(body)}`,
  ]
  req.socket.on('error', () => req.socket.destroy())
  req.socket.write(`${head.join('\r\n')}\r\n\r\n${body}`)
  req.socket.destroySoon() // `end` would wait for the other side to close as well
}
