import type { Socket } from 'socket.io'
import type { DropReason } from '../foundation/metrics.ts'
import type { Subject } from '../foundation/tokens.ts'
import type { ClientEvents, Notice, ServerEvents } from '../protocol/socket.ts'
import { createBacklog } from './backlog.ts'
import type { FastPath } from './fast-path.ts'
import type { Parcel } from './frame.ts'
import { type Wire, waitingBytes } from './wire.ts'

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
  /** Why this gateway closed it. */
  dropped?: DropReason
}

export type GatewaySocket = Socket<ClientEvents, ServerEvents, Record<string, never>, SocketData>

/** A viewer on a Socket.IO connection. Frames keep their order with what Socket.IO itself sends. */
export function socketViewer(
  socket: GatewaySocket,
  subject: Subject | undefined,
  fastPath: Pick<FastPath, 'write'>,
): Viewer {
  const { conn } = socket
  const wire = conn as unknown as Wire
  const backlog = createBacklog({
    waitingBytes: () => waitingBytes(wire),
    isOpen: () => socket.connected,
    letGo() {
      socket.data.dropped = 'behind'
      conn.close(true)
    },
  })

  return {
    subject,
    send(parcel) {
      if (backlog.isTooFar()) return false
      fastPath.write(wire, parcel)
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
