import type { ServerResponse } from 'node:http'
import type { Subject } from '../foundation/tokens.ts'
import type { Notice, RestartReason } from '../protocol/socket.ts'
import { createBacklog } from './backlog.ts'
import { streamEvent } from './event-stream.ts'
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
export function streamViewer({ res, subject, beginAnew, letGo }: StreamViewerNeeds): Viewer {
  const waitingBytes = () => res.writableLength
  const backlog = createBacklog({ waitingBytes, isOpen: () => !res.closed, letGo })

  function tell(notice: Notice): void {
    if (notice.kind === 'restart') {
      beginAnew(notice.reason)
      return
    }
    res.write(streamEvent({ name: 'notice', json: JSON.stringify(notice) }))
    if (notice.kind === 'token-expired') res.end()
  }

  return {
    subject,
    isStream: true,
    send(parcel) {
      if (backlog.isTooFar()) return false
      res.write(parcel.streamBytes)
      return true
    },
    waitingBytes,
    tell,
    tellWhenRead: notice => backlog.whenRead(() => tell(notice)),
  }
}
