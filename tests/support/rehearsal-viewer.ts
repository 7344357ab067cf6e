import { io } from 'socket.io-client'
import type { Entry } from '../../src/protocol/entry.ts'
import type { Position } from '../../src/protocol/position.ts'
import type { Replay } from '../../src/protocol/replay.ts'
import type { JoinAnswer, Notice } from '../../src/protocol/socket.ts'
import { links } from './feed-list.ts'

/** What a viewer was given of one lap. */
export interface SeenLap {
  readonly epoch: string
  /** Where it stood when it came in: the next entry is the one after it. */
  readonly from: number
  /** Entries as JSON, in the order in which they came, each with when it came (monotonic ms). */
  readonly entries: { readonly seq: number; readonly line: string; readonly at: number; readonly joined: boolean }[]
}

export interface RehearsalViewer {
  readonly laps: readonly SeenLap[]
  readonly lap: SeenLap | undefined
  /** The last entry that it stands at; -1 before its first join. */
  readonly seq: number
  /** What broke the rules: a hole, a repeat, a chain that does not link, something of another room. */
  readonly faults: readonly string[]
  close(): void
}

/** Joins the rehearsal room of a replay and follows it from lap to lap: told to restart, it joins again from nothing. */
export function rehearsalViewer(url: string, token: string, { id, eventId, room }: Replay): RehearsalViewer {
  const socket = io(url, { transports: ['websocket'], forceNew: true, auth: { token }, reconnectionDelay: 100 })
  const laps: SeenLap[] = []
  const faults: string[] = []
  let position: Position | undefined

  function take(epoch: string, entry: Entry, joined: boolean): void {
    const lap = laps.at(-1)
    if (position === undefined || lap === undefined) return void faults.push(`entry ${entry.seq} before a join`)
    if (epoch !== position.epoch) return void faults.push(`entry ${entry.seq} of ${epoch} in ${position.epoch}`)
    if (entry.seq !== position.seq + 1) return void faults.push(`entry ${entry.seq} after ${position.seq}`)
    if (position.chain !== '' && !links(position.chain, entry)) faults.push(`entry ${entry.seq} does not link`)
    position = { epoch, seq: entry.seq, chain: entry.chain }
    lap.entries.push({ seq: entry.seq, line: JSON.stringify(entry), at: performance.now(), joined })
  }

  function join(after: Position | null): void {
    const ask = { eventId, replay: id, after }
    socket.timeout(5_000).emit('join', ask, (error: Error | null, answer: JoinAnswer) => {
      if (error !== null || answer.result === 'refused') return void setTimeout(rejoin, 200)
      if (answer.result === 'resumed') {
        for (const entry of answer.entries) take(answer.position.epoch, entry, true)
        return
      }
      if (answer.position.epoch === position?.epoch) faults.push(`restarted in ${position.epoch}: ${answer.reason}`)
      position = answer.position
      laps.push({ epoch: answer.position.epoch, from: answer.position.seq, entries: [] })
    })
  }
  const rejoin = () => void (socket.connected && join(position ?? null))

  socket.on('connect', rejoin)
  // A gateway that goes takes leave of its viewers; socket.io-client comes back by itself only where a connection broke.
  socket.on('disconnect', reason => void (reason === 'io server disconnect' && socket.connect()))
  socket.on('entry', (where: string, epoch: string, entry: Entry) => {
    if (where === room) take(epoch, entry, false)
    else faults.push(`entry ${entry.seq} of ${where}`)
  })
  socket.on('notice', (notice: Notice) => {
    if (notice.kind === 'restart') join(null)
  })

  return {
    laps,
    get lap() {
      return laps.at(-1)
    },
    get seq() {
      return position?.seq ?? -1
    },
    faults,
    close: () => void socket.close(),
  }
}
