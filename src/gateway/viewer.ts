import type { Socket } from 'socket.io'
import type { DropReason } from '../foundation/metrics.ts'
import type { Subject } from '../foundation/tokens.ts'
import type { ClientEvents, Notice, ServerEvents } from '../protocol/socket.ts'
import { type Backlog, createBacklog } from './backlog.ts'
import type { FastPath } from './fast-path.ts'
import type { Parcel } from './frame.ts'
import { isFree, type Line, lineOf, type Wire, waitingBytes, writeByEngine } from './wire.ts'

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
  fastPath: Pick<FastPath, 'isOn' | 'writes'>,
): Viewer {
  return new SocketViewer(socket, subject, fastPath)
}

/** A class, and few steps in `send`: it is done for each viewer and entry, and each object that is looked at costs. */
class SocketViewer implements Viewer {
  subject: Subject | undefined
  readonly #socket: GatewaySocket
  readonly #fastPath: Pick<FastPath, 'isOn' | 'writes'>
  #line: Line | undefined
  /** Whether something waited for it the last time; then it is looked how far behind it is. */
  #waits = false
  #backlog: Backlog | undefined

  constructor(socket: GatewaySocket, subject: Subject | undefined, fastPath: Pick<FastPath, 'isOn' | 'writes'>) {
    this.#socket = socket
    this.subject = subject
    this.#fastPath = fastPath
    this.#line = lineOf(this.#wire)
  }

  send(parcel: Parcel): boolean {
    const line = this.#line
    const { writes, isOn } = this.#fastPath
    if (isOn && line !== undefined && !this.#waits && line.stream.writableLength === 0 && isFree(line)) {
      writes.straight += 1
      line.stream.write(parcel.bytes)
      return true
    }
    return this.#sendBehind(parcel)
  }

  /** Something waits for it, or did; or the fast path is not for it. */
  #sendBehind(parcel: Parcel): boolean {
    const wire = this.#wire
    if (this.#behind.isTooFar()) return false
    this.#waits = waitingBytes(wire) > 0
    this.#line ??= lineOf(wire) // it has come to a websocket
    const { writes, isOn } = this.#fastPath
    if (isOn && this.#line !== undefined && isFree(this.#line)) {
      writes.straight += 1
      this.#line.stream.write(parcel.bytes)
    } else {
      writes.engine += 1
      writeByEngine(wire, parcel.frames)
    }
    return true
  }

  waitingBytes(): number {
    return waitingBytes(this.#wire)
  }

  tell(notice: Notice): void {
    this.#socket.emit('notice', notice)
  }

  tellWhenRead(notice: Notice): void {
    this.#behind.whenRead(() => this.#socket.emit('notice', notice))
  }

  get #wire(): Wire {
    return this.#socket.conn as unknown as Wire
  }

  /** Made when it is needed: most viewers never are behind. */
  get #behind(): Backlog {
    const socket = this.#socket
    this.#backlog ??= createBacklog({
      waitingBytes: () => this.waitingBytes(),
      isOpen: () => socket.connected,
      letGo() {
        socket.data.dropped = 'behind'
        socket.conn.close(true)
      },
    })
    return this.#backlog
  }
}
