import { createHash } from 'node:crypto'
import { io } from 'socket.io-client'
import { type Entry, readLineHead } from '../../src/protocol/entry.ts'
import type { Position } from '../../src/protocol/position.ts'
import type { JoinAnswer } from '../../src/protocol/socket.ts'

export interface PlainViewer {
  readonly position: Position | undefined
  /** Every entry that it was given after its first position, in the order of arrival. */
  readonly entries: readonly Entry[]
  /** What broke the rules: a repeat, a hole, a chain that does not link, an unexpected restart. */
  readonly faults: readonly string[]
  /** How each join was answered. */
  readonly joins: readonly string[]
  readonly firstSeq: number | undefined
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
  const entries: Entry[] = []
  const faults: string[] = []
  const joins: string[] = []
  let position: Position | undefined = after ?? undefined
  let firstSeq: number | undefined = after?.seq

  function take(epoch: string, entry: Entry): void {
    if (position === undefined) return void faults.push(`entry ${entry.seq} before the join was answered`)
    if (epoch !== position.epoch) return void faults.push(`entry ${entry.seq} of epoch ${epoch}`)
    if (entry.seq !== position.seq + 1) return void faults.push(`entry ${entry.seq} after ${position.seq}`)
    if (position.chain !== '' && !links(position.chain, entry)) faults.push(`entry ${entry.seq} does not link`)
    entries.push(entry)
    position = { epoch, seq: entry.seq, chain: entry.chain }
  }

  function join(): void {
    socket
      .timeout(5_000)
      .emit('join', { eventId, after: position ?? null }, (error: Error | null, answer: JoinAnswer) => {
        if (error !== null) return void setTimeout(rejoin, 200)
        joins.push(answer.result === 'restarted' ? answer.reason : answer.result)
        if (answer.result === 'refused') return void setTimeout(rejoin, 200)
        if (answer.result === 'resumed') {
          for (const entry of answer.entries) take(answer.position.epoch, entry)
          if (position?.seq !== answer.position.seq)
            faults.push(`resumed at ${answer.position.seq}, not ${position?.seq}`)
          return
        }
        if (position !== undefined) faults.push(`restarted at ${position.seq}: ${answer.reason}`)
        position = answer.position
        firstSeq ??= position.seq
      })
  }
  const rejoin = () => void (socket.connected && join())

  socket.on('connect', join)
  // A gateway that goes takes leave of its viewers; socket.io-client comes back by itself only where a connection broke.
  socket.on('disconnect', reason => void (reason === 'io server disconnect' && socket.connect()))
  socket.on('entry', (room: string, epoch: string, entry: Entry) => {
    if (room === eventId) take(epoch, entry)
  })
  socket.on('notice', (notice: { kind: string }) => {
    if (notice.kind === 'restart') faults.push('told to restart')
  })

  return {
    get position() {
      return position
    },
    get firstSeq() {
      return firstSeq
    },
    entries,
    faults,
    joins,
    close: () => void socket.close(),
  }
}

/** Recomputes the chain, as anybody may. */
export function links(chainBefore: string, entry: Entry): boolean {
  const head = readLineHead(JSON.stringify(entry))
  return head?.chain === sha1(chainBefore + sha1(head?.unchained ?? ''))
}

function sha1(text: string): string {
  return createHash('sha1').update(text).digest('hex')
}
