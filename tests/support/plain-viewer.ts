import { io } from 'socket.io-client'
import type { Entry } from '../../src/protocol/entry.ts'
import type { Position } from '../../src/protocol/position.ts'
import type { JoinAnswer } from '../../src/protocol/socket.ts'
import { createFeedList, type FeedList } from './feed-list.ts'

export interface PlainViewer
  extends Pick<FeedList, 'position' | 'entries' | 'faults' | 'joins' | 'joinedAt' | 'firstSeq' | 'missed'> {
  close(): void
}

/**
 * A viewer made of socket.io-client alone: it keeps its position, joins with it after each connect, and takes entries as
 * they come, without a buffer. Whatever is not the next entry is a fault.
 */
export function plainViewer(url: string, eventId: string, after: Position | null = null): PlainViewer {
  const socket = io(url, {
    transports: ['websocket'],
    forceNew: true,
    reconnectionDelay: 100,
    reconnectionDelayMax: 300,
  })
  const list = createFeedList(after)

  function join(): void {
    const { id } = socket
    socket
      .timeout(5_000)
      .emit('join', { eventId, after: list.position ?? null }, (error: Error | null, answer: JoinAnswer) => {
        if (socket.id !== id) return // of a connection that is gone: the next one has joined for itself
        if (error !== null) return void setTimeout(rejoin, 200)
        if (answer.result === 'refused') {
          list.refused()
          return void setTimeout(rejoin, 200)
        }
        if (answer.result === 'restarted') return list.restarted(answer.position, answer.reason)
        for (const entry of answer.entries) list.take(answer.position.epoch, entry)
        list.resumed(answer.position)
      })
  }
  const rejoin = () => void (socket.connected && join())

  socket.on('connect', join)
  // A gateway that goes takes leave of its viewers; socket.io-client comes back by itself only where a connection broke.
  socket.on('disconnect', reason => void (reason === 'io server disconnect' && socket.connect()))
  socket.on('entry', (room: string, epoch: string, entry: Entry) => {
    if (room === eventId) list.take(epoch, entry)
  })
  socket.on('notice', (notice: { kind: string }) => {
    if (notice.kind === 'restart') list.fault('told to restart')
  })

  return Object.assign(list, { close: () => void socket.close() })
}
