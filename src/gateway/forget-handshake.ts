import type { IncomingMessage } from 'node:http'
import type { Server } from 'socket.io'
import type { GatewaySocket } from './viewer.ts'

/**
 * The request of a handshake would be kept for as long as its socket is open: about 9 KB for each viewer, and the token
 * in it. Answers what lets it go, once nobody needs it any more: engine.io holds it by the connection, and by the response
 * that its middlewares are given.
 */
export function handshakesOf(io: Pick<Server, 'engine'>): { forget(socket: GatewaySocket): void } {
  const responses = new WeakMap<IncomingMessage, { req?: unknown }>()
  io.engine.use((req: IncomingMessage, res: { req?: unknown }, next: () => void) => {
    responses.set(req, res)
    next()
  })
  return {
    forget(socket) {
      const conn = socket.conn as { request?: IncomingMessage | null }
      const { request } = conn
      if (request === null || request === undefined) return
      const response = responses.get(request)
      if (response !== undefined) response.req = null
      responses.delete(request)
      conn.request = null
      Object.assign(socket.handshake, { headers: {}, query: {}, auth: {} })
    },
  }
}
