import type { Socket } from 'socket.io'
import type { Subject } from '../foundation/tokens.ts'
import type { ClientEvents, Notice, ServerEvents } from '../protocol/socket.ts'
import type { Frame } from './frame.ts'

/** One open connection. It may stand in several rooms. */
export interface Viewer {
  /** Who it is; undefined for the public. Changes with `refresh`. */
  subject: Subject | undefined
  /**
   * Sends messages that were encoded once: `packets` one by one, or `bytes`, which are all of them, in one write.
   * False when the viewer is too far behind: nothing was sent then.
   */
  send(frames: readonly Frame[], bytes: Buffer): boolean
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
 * A viewer that is further behind is sent nothing more: when it has read what is on its way it begins anew, with a snapshot
 * (state, not history). Its memory is bounded, and the others notice nothing.
 */
export const MAX_BEHIND_BYTES = 1_048_576
export const MAX_BEHIND_MS = 10_000
/** The next time it is let go: its network does not carry this feed. */
export const MAX_RESTARTS = 3
const LOOK_AGAIN_MS = 200

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
  let waitsSince: number | undefined
  let restarts = 0

  /** Whether so much waits, or has waited for so long, that more would only make it worse. */
  function isTooFarBehind(): boolean {
    const waiting = waitingBytes(wire)
    if (waiting === 0) {
      waitsSince = undefined
      return false
    }
    waitsSince ??= Date.now()
    return waiting > MAX_BEHIND_BYTES || Date.now() - waitsSince > MAX_BEHIND_MS
  }

  function letGo(): void {
    socket.data.isBehind = true
    conn.close(true)
  }

  return {
    subject,
    send(frames, bytes) {
      if (isTooFarBehind()) return false
      const { transport } = wire
      const ws = transport.socket
      // Straight to the socket only when nothing of ours is on its way through engine.io: else it would overtake.
      const sender = ws?._sender
      const isIdle =
        transport.writable &&
        wire.writeBuffer.length === 0 &&
        ws?.readyState === WEBSOCKET_OPEN &&
        sender?._state === SENDER_IDLE
      if (isIdle && sender?.sendFrame !== undefined) sender.sendFrame([bytes])
      else for (const { packet } of frames) conn.write(packet, { compress: false })
      return true
    },
    tell(notice) {
      socket.emit('notice', notice)
    },
    tellWhenRead(notice) {
      restarts += 1
      if (restarts > MAX_RESTARTS) return letGo()
      const since = Date.now()
      const timer = setInterval(() => {
        const isRead = waitingBytes(wire) === 0
        if (!isRead && socket.connected && Date.now() - since < MAX_BEHIND_MS) return
        clearInterval(timer)
        if (!isRead) return letGo()
        waitsSince = undefined
        socket.emit('notice', notice)
      }, LOOK_AGAIN_MS)
    },
  }
}

/** What waits for one viewer on this side of the network: in engine.io, and behind the websocket. */
function waitingBytes({ writeBuffer, transport }: Wire): number {
  let bytes = transport.socket?.bufferedAmount ?? 0
  for (const { data } of writeBuffer) if (typeof data === 'string') bytes += data.length
  return bytes
}
