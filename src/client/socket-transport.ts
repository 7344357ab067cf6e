import { io } from 'socket.io-client'
import { REFUSE_INSIDE } from '../protocol/refuse-inside.ts'
import { readBeacon, readNotice, readProblem } from './received.ts'
import { askedToWaitMs } from './repeats.ts'
import { ANSWER_TIMEOUT_MS, NO_PORT, type Question, type Transport, type TransportPort } from './transport.ts'

/** A connection that is not there after this long counts as kept back by something on the way. */
const CONNECT_TIMEOUT_MS = 10_000

export interface SocketTransportNeeds {
  readonly url: string
  token(): string | undefined
}

/** One socket (Socket.IO over a websocket) for all rooms; the token goes in its handshake. */
export function createSocketTransport({ url, token }: SocketTransportNeeds): Transport {
  let port: TransportPort = NO_PORT
  let timer: ReturnType<typeof setTimeout> | undefined
  const socket = io(url, {
    transports: ['websocket'],
    autoConnect: false,
    forceNew: true,
    reconnection: false,
    query: { [REFUSE_INSIDE]: '1' },
    auth: answer => answer(authOf(token())),
  })

  socket.on('connect', () => {
    clearTimeout(timer)
    port.opened()
  })
  socket.on('connect_error', (error: Error & { data?: unknown }) => {
    clearTimeout(timer)
    const problem = readProblem(error.data)
    if (problem !== undefined && !problem.retry) return port.refused(problem)
    const askedMs = askedToWaitMs(problem)
    const why = problem?.title ?? 'The gateway cannot be reached.'
    port.lost({ how: askedMs > 0 ? 'wait' : 'unreachable', why, askedMs })
  })
  socket.on('disconnect', () => port.lost({ how: 'broken', why: 'The connection was lost.' }))
  socket.on('entry', (room: unknown, epoch: unknown, entry: unknown) =>
    port.heard({ kind: 'entry', room: String(room), epoch, entry }),
  )
  socket.on('beacon', (received: unknown) => {
    const beacon = readBeacon(received)
    if (beacon !== undefined) port.heard({ kind: 'beacon', beacon })
  })
  socket.on('notice', (received: unknown) => {
    const notice = readNotice(received)
    if (notice?.kind === 'draining') port.heard({ kind: 'draining', inMs: notice.reconnectInMs })
    else if (notice?.kind === 'restart') port.heard({ ...notice, room: notice.eventId })
    else if (notice?.kind === 'token-expired') port.heard({ kind: 'recheck' })
  })

  return {
    kind: 'websocket',
    tell(next) {
      port = next
    },
    open() {
      timer = setTimeout(() => port.lost({ how: 'silent', why: 'The gateway did not answer.' }), CONNECT_TIMEOUT_MS)
      socket.connect()
    },
    async ask(...[name, request]: Question) {
      // The socket would keep it and send it after the next connect, when it is no longer what the room wants.
      if (!socket.connected) throw new Error('not connected')
      try {
        return await socket.timeout(ANSWER_TIMEOUT_MS).emitWithAck(name, request)
      } catch (error) {
        if (name === 'join' && socket.connected) port.lost({ how: 'silent', why: 'The gateway did not answer.' })
        throw error
      }
    },
    close() {
      clearTimeout(timer)
      port = NO_PORT
      socket.disconnect()
    },
  }
}

function authOf(token: string | undefined): { token?: string } {
  return token === undefined ? {} : { token }
}
