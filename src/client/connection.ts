import type { Problem } from '../protocol/problems.ts'
import { atTop, better, climbInMs, isAtTop, retryInMs, STEADY_MS, startLadder, stepLadder } from './ladder.ts'
import { watchNetwork } from './network.ts'
import type { LinkState, RoomPort } from './room-port.ts'
import type { Heard, Loss, Question, Transport, TransportKind } from './transport.ts'
import { type TryOut, tryOut } from './try-out.ts'

export interface ConnectionNeeds {
  /** Makes a new one, by any of the ways. */
  readonly transports: Readonly<Record<TransportKind, () => Transport>>
  /** Those that may be used, best first. */
  readonly kinds: readonly TransportKind[]
  token(): string | undefined
  /** From 0 up to, not including, 1. */
  random(): number
}

export interface Connection {
  readonly state: LinkState
  /** Connects for the first room, disconnects after the last. */
  add(room: RoomPort): void
  remove(room: RoomPort): void
  /** Rejects when there is no answer in time, or the connection is lost. */
  ask(...message: Question): Promise<unknown>
  /** Something useful came over this connection: the next loss starts with a short wait again. */
  proven(): void
  tokenChanged(): void
}

type Timer = ReturnType<typeof setTimeout> | undefined

/** What all rooms of a client share, kept up by the SDK itself: by the best way that works here (ladder.ts). */
export function createConnection({ transports, kinds, token, random }: ConnectionNeeds): Connection {
  const rooms = new Map<string, RoomPort>()
  let state: LinkState = { name: 'closed' }
  let ladder = startLadder(kinds)
  /** The one that serves, or is to. */
  let current: Transport | undefined
  let trial: TryOut | undefined
  let timer: Timer
  let steadyTimer: Timer
  let climbTimer: Timer

  function enter(next: LinkState): void {
    clearTimeout(timer)
    state = next
    for (const room of [...rooms.values()]) room.link(next)
  }

  function schedule(inMs: number, act: () => void): void {
    clearTimeout(timer)
    timer = setTimeout(act, inMs)
  }

  function connect(): void {
    // A rehearsal has no other door than a socket.
    if ([...rooms.values()].every(({ door }) => door.replay !== undefined)) ladder = atTop(ladder)
    enter({ name: 'connecting', attempt: ladder.failures + 1 })
    if (state.name !== 'connecting') return
    use(transports[ladder.kind]()).open()
  }

  /** From now on what comes by this transport counts. */
  function use(transport: Transport): Transport {
    current = transport
    transport.tell({ opened: () => opened(transport), lost: lose, refused, heard })
    return transport
  }

  function opened({ kind }: Transport): void {
    stopTimers()
    enter({ name: 'open', by: kind, sinceMs: Date.now() })
  }

  function stopTimers(): void {
    for (const running of [steadyTimer, climbTimer]) clearTimeout(running)
    steadyTimer = undefined
    climbTimer = undefined
  }

  function disconnect(): void {
    stopTimers()
    trial?.stop()
    trial = undefined
    current?.close()
    current = undefined
  }

  function lose({ how, why, askedMs = 0 }: Loss): void {
    // A gateway closes what is in no room. There is nothing to come back for then, until the token changes.
    const isOver = state.name === 'open' && ![...rooms.values()].some(room => room.wantsIn)
    disconnect()
    if (isOver) {
      state = { name: 'closed' }
      return
    }
    ladder = stepLadder(ladder, { happened: 'lost', how })
    const inMs = retryInMs(ladder, askedMs, random())
    enter({ name: 'waiting', attempt: ladder.failures, retryInMs: inMs, why })
    if (state.name === 'waiting') schedule(inMs, connect)
  }

  function refused(problem: Problem): void {
    disconnect()
    enter({ name: 'refused', problem })
  }

  function heard(message: Heard): void {
    switch (message.kind) {
      case 'entry':
        rooms.get(message.room)?.entry(message.epoch, message.entry)
        break
      case 'beacon':
        rooms.get(message.beacon.eventId)?.beacon(message.beacon)
        break
      case 'answer':
        rooms.get(message.room)?.anew(message.answer)
        break
      case 'restart':
        rooms.get(message.room)?.restart(message.reason)
        break
      case 'recheck':
        if (message.room === undefined) recheckAll()
        else rooms.get(message.room)?.recheck()
        break
      case 'draining':
        schedule(message.inMs, reconnect)
    }
  }

  /** A connection that is given up on purpose: nothing failed, so nothing is waited for. */
  function reconnect(): void {
    state = { name: 'closed' }
    disconnect()
    connect()
  }

  function climbLater(): void {
    if (state.name === 'open' && !isAtTop(ladder)) climbTimer = setTimeout(climb, climbInMs(ladder, random()))
  }

  /** Looks for a better way while this one serves, best first. */
  function climb([kind, ...others] = better(ladder)): void {
    const [room] = [...rooms.values()].filter(({ wantsIn }) => wantsIn)
    if (kind === undefined || room === undefined || state.name !== 'open') {
      lookedUp(undefined)
      return
    }
    const transport = transports[kind]()
    trial = tryOut(transport, room, works => {
      trial = undefined
      if (works) lookedUp(transport)
      else if (others.length > 0) climb(others)
      else lookedUp(undefined)
    })
  }

  /** What was found takes over at once: rooms go on from where they stand. */
  function lookedUp(found: Transport | undefined): void {
    ladder = stepLadder(ladder, { happened: 'looked up', found: found?.kind })
    if (found === undefined) {
      climbLater()
      return
    }
    const before = current
    opened(use(found))
    before?.close()
  }

  function recheckAll(): void {
    for (const room of [...rooms.values()]) room.recheck()
  }

  async function refresh(fresh: string): Promise<void> {
    // Whatever the gateway says of the token, each room finds out for itself whether it is still let in.
    await Promise.allSettled([ask('refresh', { token: fresh })])
    recheckAll()
  }

  async function ask(...message: Question): Promise<unknown> {
    if (state.name !== 'open' || current === undefined) throw new Error('not connected')
    return current.ask(...message)
  }

  const network = watchNetwork({
    online() {
      ladder = stepLadder(ladder, { happened: 'online' })
      if (state.name === 'waiting') {
        ladder = atTop(ladder)
        connect()
      } else if (state.name === 'open' && trial === undefined && !isAtTop(ladder)) {
        clearTimeout(climbTimer)
        climb()
      }
    },
    offline() {
      if (state.name === 'open' || state.name === 'connecting') lose({ how: 'wait', why: 'This device is offline.' })
    },
  })

  return {
    get state() {
      return state
    },
    add(room) {
      rooms.set(room.name, room)
      if (rooms.size === 1) network.start()
      if (state.name === 'closed') connect()
      else room.link(state)
    },
    remove(room) {
      if (rooms.get(room.name) !== room) return
      rooms.delete(room.name)
      if (rooms.size > 0) return
      network.stop()
      disconnect()
      ladder = { ...ladder, failures: 0 }
      enter({ name: 'closed' })
    },
    ask,
    proven() {
      ladder = stepLadder(ladder, { happened: 'answered' })
      steadyTimer ??= setTimeout(() => {
        ladder = stepLadder(ladder, { happened: 'steady' })
      }, STEADY_MS)
      if (climbTimer === undefined && trial === undefined) climbLater()
    },
    tokenChanged() {
      const now = token()
      if (rooms.size === 0) return
      if (trial !== undefined) {
        // It was let in with the token that was.
        trial.stop()
        trial = undefined
        climbLater()
      }
      if (state.name === 'open' && now !== undefined) void refresh(now)
      else reconnect()
    },
  }
}
