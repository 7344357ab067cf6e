import type { Position } from '../protocol/position.ts'
import { readJoinAnswer } from './received.ts'
import type { RoomDoor } from './room.ts'
import type { Transport } from './transport.ts'

/** A way that shows nothing in so long does not work. A quiet room is told every few seconds where it stands. */
const TRY_OUT_MS = 30_000

export interface TryOut {
  /** Closes what is tried. Nothing is told any more. */
  stop(): void
}

/**
 * Tries whether a room would be let in by another way, beside the one that serves: what comes by it is passed over. Some
 * proxies keep a stream back until enough has come, so that of a stream more is wanted than its beginning.
 */
export function tryOut(
  transport: Transport,
  room: { readonly door: RoomDoor; readonly position: Position | null },
  done: (works: boolean) => void,
): TryOut {
  let isAnswered = false
  let isOver = false
  const timer = setTimeout(() => finish(false), TRY_OUT_MS)

  function end(): void {
    isOver = true
    clearTimeout(timer)
  }

  /** What works is left open, for whoever takes it and tells it another port. */
  function finish(works: boolean): void {
    if (isOver) return
    end()
    if (!works) transport.close()
    done(works)
  }

  async function knock(): Promise<void> {
    const [asked] = await Promise.allSettled([transport.ask('join', { ...room.door, after: room.position })])
    const answer = asked.status === 'fulfilled' ? readJoinAnswer(asked.value) : undefined
    if (answer === undefined || answer.result === 'refused') finish(false)
    else if (transport.kind === 'stream') isAnswered = true
    else finish(true)
  }

  transport.tell({
    opened: () => void knock(),
    lost: () => finish(false),
    refused: () => finish(false),
    heard: ({ kind }) => {
      if (isAnswered && (kind === 'beacon' || kind === 'entry')) finish(true)
    },
  })
  transport.open()
  return {
    stop() {
      end()
      transport.close()
    },
  }
}
