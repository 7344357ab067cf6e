import type { Socket } from 'socket.io'
import type { Subject } from '../foundation/tokens.ts'
import type { ClientEvents, Notice, ServerEvents } from '../protocol/socket.ts'
import type { Frame } from './frame.ts'

/** One open connection. It may stand in several rooms. */
export interface Viewer {
  /** Who it is; undefined for the public. Changes with `refresh`. */
  subject: Subject | undefined
  /** Sends messages that were encoded once: `packets` one by one, or `bytes`, which are all of them, in one write. */
  send(frames: readonly Frame[], bytes: Buffer): void
  tell(notice: Notice): void
}

export interface SocketData {
  viewer?: Viewer
  /** Why it was closed: it was too far behind. */
  isBehind?: true
}

export type GatewaySocket = Socket<ClientEvents, ServerEvents, Record<string, never>, SocketData>

/** A viewer that is this far behind is let go: it comes back with its position, and the others notice nothing. */
export const MAX_BEHIND_BYTES = 1_048_576

/**
 * What of a connection is needed to write a websocket frame straight to it. These are fields of engine.io and ws that their
 * types do not show; where one is missing, the public way is taken.
 */
interface Wire {
  readonly writeBuffer: readonly unknown[]
  readonly transport: {
    readonly name: string
    readonly writable: boolean
    readonly socket?: {
      readonly readyState: number
      readonly bufferedAmount: number
      readonly _sender?: { readonly _state?: number; sendFrame?(list: readonly Buffer[]): void }
    }
  }
}

const WEBSOCKET_OPEN = 1
const SENDER_IDLE = 0

/** A viewer on a Socket.IO connection. Frames keep their order with what Socket.IO itself sends. */
export function socketViewer(socket: GatewaySocket, subject: Subject | undefined): Viewer {
  const { conn } = socket
  const wire = conn as unknown as Wire
  return {
    subject,
    send(frames, bytes) {
      const { transport } = wire
      const ws = transport.socket
      if (ws !== undefined && ws.bufferedAmount > MAX_BEHIND_BYTES) {
        socket.data.isBehind = true
        conn.close(true)
        return
      }
      // Straight to the socket only when nothing of ours is on its way through engine.io: else it would overtake.
      const sender = ws?._sender
      const isIdle =
        transport.writable &&
        wire.writeBuffer.length === 0 &&
        ws?.readyState === WEBSOCKET_OPEN &&
        sender?._state === SENDER_IDLE
      if (isIdle && sender?.sendFrame !== undefined) sender.sendFrame([bytes])
      else for (const { packet } of frames) conn.write(packet, { compress: false })
    },
    tell(notice) {
      socket.emit('notice', notice)
    },
  }
}
