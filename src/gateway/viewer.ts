import type { Socket } from 'socket.io'
import type { Subject } from '../foundation/tokens.ts'
import type { ClientEvents, Notice, ServerEvents } from '../protocol/socket.ts'
import { createBacklog } from './backlog.ts'
import type { Parcel } from './frame.ts'

/** One open connection. It may stand in several rooms. */
export interface Viewer {
  /** Who it is; undefined for the public. Changes with `refresh`. */
  subject: Subject | undefined
  /** It is on an event stream, not on a socket. */
  readonly isStream?: true
  /** Sends what was encoded once. False when the viewer is too far behind: nothing was sent then. */
  send(parcel: Parcel): boolean
  /** What waits for it on this side of the network, in bytes. */
  waitingBytes(): number
  tell(notice: Notice): void
  /** For one that is too far behind: tells it once it has read what is on its way, or lets it go when it does not. */
  tellWhenRead(notice: Notice): void
}

export interface SocketData {
  viewer?: Viewer
  /** Why it was closed: it was too far behind. */
  isBehind?: true
}

export type GatewaySocket = Socket<ClientEvents, ServerEvents, Record<string, never>, SocketData>

/**
 * What of a connection is needed to write a websocket frame straight to it. These are fields of engine.io and ws that their
 * types do not show; where one is missing, the public way is taken.
 */
interface Wire {
  readonly writeBuffer: readonly { readonly data?: unknown }[]
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
  const backlog = createBacklog({
    waitingBytes: () => waitingBytes(wire),
    isOpen: () => socket.connected,
    letGo() {
      socket.data.isBehind = true
      conn.close(true)
    },
  })

  return {
    subject,
    send(parcel) {
      if (backlog.isTooFar()) return false
      const { transport } = wire
      const ws = transport.socket
      // Straight to the socket only when nothing of ours is on its way through engine.io: else it would overtake.
      const sender = ws?._sender
      const isIdle =
        transport.writable &&
        wire.writeBuffer.length === 0 &&
        ws?.readyState === WEBSOCKET_OPEN &&
        sender?._state === SENDER_IDLE
      if (isIdle && sender?.sendFrame !== undefined) sender.sendFrame([parcel.bytes])
      else for (const { packet } of parcel.frames) conn.write(packet, { compress: false })
      return true
    },
    waitingBytes: () => waitingBytes(wire),
    tell(notice) {
      socket.emit('notice', notice)
    },
    tellWhenRead(notice) {
      backlog.whenRead(() => socket.emit('notice', notice))
    },
  }
}

/** What waits for one viewer on this side of the network: in engine.io, and behind the websocket. */
function waitingBytes({ writeBuffer, transport }: Wire): number {
  let bytes = transport.socket?.bufferedAmount ?? 0
  for (const { data } of writeBuffer) if (typeof data === 'string') bytes += data.length
  return bytes
}
