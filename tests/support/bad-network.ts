import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { setTimeout as pause, setImmediate as turnOfTheLoop } from 'node:timers/promises'
import { random } from './random.ts'

/**
 * What becomes of a connection after a while:
 * - `cut`: both sides are told, by a reset or by an end;
 * - `viewer-unaware`, `server-unaware`: half-open, the other side alone is told;
 * - `deaf`, `mute`: what the server says, or what the viewer says, vanishes from then on, and nobody is told;
 * - `crumbs`: from its first byte on all comes in crumbs, at first byte by byte, and then it is cut;
 * - `slow`: the viewer is given 1 KB of it a second, for good.
 */
export const FATES = ['cut', 'viewer-unaware', 'server-unaware', 'deaf', 'mute', 'crumbs', 'slow'] as const
export type Fate = (typeof FATES)[number]

export interface BadNetworkOptions {
  /** Each connection meets the next of these. */
  readonly fates: readonly Fate[]
  /** When it meets it: so many ms after it was opened. */
  readonly afterMs: { readonly least: number; readonly most: number }
}

export interface BadNetwork {
  readonly url: string
  /** How many connections have met each fate. */
  readonly met: ReadonlyMap<Fate, number>
  /** From now on nothing happens to anybody. Those that something has happened to are cut. */
  calmDown(): void
  stop(): Promise<void>
}

/** Byte by byte goes as long as this, in each direction: the handshake and the join. */
const SINGLE_BYTES = 2_048
const MOST_IN_A_CRUMB = 64
const SLOW_BYTES_PER_S = 1_024
const SLOW_STEPS_PER_S = 4
const SEED = 20_261_124

/** A network that bytes of TCP go through, to one server: each connection meets a fate. */
export async function startBadNetwork(to: string, { fates, afterMs }: BadNetworkOptions): Promise<BadNetwork> {
  const { hostname, port } = new URL(to)
  const choose = random(SEED)
  const met = new Map<Fate, number>()
  const open = new Set<Connection>()
  let opened = 0
  let isCalm = false

  const server = createServer({ noDelay: true }, viewer => {
    const fate = fates[opened++ % fates.length]
    const upstream = connect({ host: hostname, port: Number(port), noDelay: true })
    const connection = new Connection(viewer, upstream, choose.below)
    open.add(connection)
    void connection.over.then(() => open.delete(connection))
    if (isCalm || fate === undefined) return connection.carry()
    const meet = () => {
      met.set(fate, (met.get(fate) ?? 0) + 1)
      connection.meet(fate)
    }
    if (fate === 'slow') return meet()
    connection.carry(fate === 'crumbs')
    const timer = setTimeout(meet, afterMs.least + choose.below(afterMs.most - afterMs.least))
    void connection.over.then(() => clearTimeout(timer))
    connection.onCalm = () => clearTimeout(timer)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    met,
    calmDown() {
      isCalm = true
      for (const connection of open) {
        connection.onCalm()
        if (connection.isHurt) connection.cut()
      }
    },
    async stop() {
      const closed = once(server, 'close')
      server.close()
      for (const connection of open) connection.cut()
      await closed
    },
  }
}

/** The two sockets of one connection, and what is done with the bytes between them. */
class Connection {
  readonly #viewer: Socket
  readonly #server: Socket
  readonly #below: (limit: number) => number
  readonly #vanishes = { toViewer: false, toServer: false }
  #forgetsEnds = false
  isHurt = false
  onCalm: () => void = () => {}
  /** Resolves when both sockets are closed. */
  readonly over: Promise<unknown>

  constructor(viewer: Socket, server: Socket, below: (limit: number) => number) {
    this.#viewer = viewer
    this.#server = server
    this.#below = below
    this.over = Promise.all([closing(viewer), closing(server)])
    for (const [one, other] of [
      [viewer, server],
      [server, viewer],
    ] as const) {
      one.on('close', () => this.#forgetsEnds || other.destroy())
    }
  }

  carry(inCrumbs = false): void {
    this.isHurt = inCrumbs
    void this.#pass(this.#server, this.#viewer, 'toViewer', inCrumbs)
    void this.#pass(this.#viewer, this.#server, 'toServer', inCrumbs)
  }

  meet(fate: Fate): void {
    this.isHurt = true
    switch (fate) {
      case 'cut':
      case 'crumbs':
        if (this.#below(2) === 0) this.#viewer.resetAndDestroy()
        else this.#viewer.end()
        this.#server.destroy()
        break
      case 'viewer-unaware':
        this.#forgetsEnds = true
        this.#server.destroy()
        break
      case 'server-unaware':
        this.#forgetsEnds = true
        this.#viewer.destroy()
        break
      case 'deaf':
        this.#vanishes.toViewer = true
        break
      case 'mute':
        this.#vanishes.toServer = true
        break
      case 'slow':
        void this.#pass(this.#viewer, this.#server, 'toServer', false)
        void this.#trickle()
    }
  }

  cut(): void {
    this.#viewer.destroy()
    this.#server.destroy()
  }

  async #pass(from: Socket, to: Socket, way: 'toViewer' | 'toServer', inCrumbs: boolean): Promise<void> {
    let passed = 0
    for await (const chunk of readAll(from)) {
      if (this.#vanishes[way]) continue
      for (let at = 0; at < chunk.length; ) {
        const size = inCrumbs ? (passed < SINGLE_BYTES ? 1 : 1 + this.#below(MOST_IN_A_CRUMB)) : chunk.length
        if (to.writable && !to.write(chunk.subarray(at, at + size))) await drained(to)
        at += size
        passed += size
        if (inCrumbs) await turnOfTheLoop()
      }
    }
  }

  /** What is not read here soon stands in the buffers of the server's system, and then in the server's own. */
  async #trickle(): Promise<void> {
    const step = SLOW_BYTES_PER_S / SLOW_STEPS_PER_S
    this.#server.pause()
    for (;;) {
      await pause(1_000 / SLOW_STEPS_PER_S)
      if (this.#server.destroyed || this.#viewer.destroyed) return
      const bytes: Buffer | null = this.#server.read(Math.min(step, Math.max(1, this.#server.readableLength)))
      if (bytes !== null) this.#viewer.write(bytes)
      else if (this.#server.readableEnded) this.#viewer.end()
    }
  }
}

/** What a socket receives, until it is closed, however that comes about. */
async function* readAll(socket: Socket): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of socket) yield chunk as Buffer
  } catch {
    // It was cut: that is what this network does.
  }
}

function closing(socket: Socket): Promise<void> {
  return new Promise(resolve => {
    socket.on('error', () => socket.destroy())
    socket.on('close', () => resolve())
  })
}

function drained(socket: Socket): Promise<void> {
  return new Promise(resolve => {
    socket.once('drain', resolve)
    socket.once('close', resolve)
  })
}
