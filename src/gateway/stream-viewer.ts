import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Subject } from '../foundation/tokens.ts'
import type { Notice, RestartReason } from '../protocol/socket.ts'
import { type Backlog, createBacklog } from './backlog.ts'
import { streamEvent } from './event-stream.ts'
import type { Parcel } from './frame.ts'
import type { Viewer } from './viewer.ts'

export interface StreamViewerNeeds {
  readonly res: ServerResponse
  readonly subject: Subject | undefined
  /** Its room wants it to begin anew: it is to be given a snapshot. */
  beginAnew(reason: RestartReason): void
  /** It took no more, time after time. */
  letGo(): void
}

/**
 * A viewer on an event stream. Where a socket is told to join again, a stream is given its new beginning at once, for it
 * cannot ask.
 */
export function streamViewer(needs: StreamViewerNeeds): Viewer {
  return new StreamViewer(needs)
}

/** A class, and few steps in `send`, for the same reason as a socket's viewer. */
class StreamViewer implements Viewer {
  subject: Subject | undefined
  readonly isStream = true
  readonly #needs: StreamViewerNeeds
  /**
   * Where events are written: the head was sent, no chunk is put around events, and a response that has its socket has
   * handed it all that was written before. So they need not go through the response, which costs half as much again.
   */
  #socket: Socket | undefined
  /** Whether something waited for it the last time; then it is looked how far behind it is. */
  #waits = false
  #backlog: Backlog | undefined

  constructor(needs: StreamViewerNeeds) {
    this.#needs = needs
    this.subject = needs.subject
  }

  send(parcel: Parcel): boolean {
    const socket = this.#socket
    if (socket === undefined || this.#waits || socket.writableLength > 0 || !socket.writable) {
      return this.#sendBehind(parcel)
    }
    socket.write(parcel.streamBytes)
    return true
  }

  /** Something waits for it, or did; or it is the first time. */
  #sendBehind(parcel: Parcel): boolean {
    if (this.#behind.isTooFar()) return false
    this.#waits = this.waitingBytes() > 0
    const { res } = this.#needs
    res.write(parcel.streamBytes)
    if (res.headersSent) this.#socket ??= res.socket ?? undefined
    return true
  }

  waitingBytes(): number {
    return this.#needs.res.writableLength
  }

  tell(notice: Notice): void {
    const { res, beginAnew } = this.#needs
    if (notice.kind === 'restart') {
      beginAnew(notice.reason)
      return
    }
    res.write(streamEvent({ name: 'notice', json: JSON.stringify(notice) }))
    if (notice.kind === 'token-expired') res.end()
  }

  tellWhenRead(notice: Notice): void {
    this.#behind.whenRead(() => this.tell(notice))
  }

  /** Made when it is needed: most viewers never are behind. */
  get #behind(): Backlog {
    const { res, letGo } = this.#needs
    this.#backlog ??= createBacklog({ waitingBytes: () => this.waitingBytes(), isOpen: () => !res.closed, letGo })
    return this.#backlog
  }
}
