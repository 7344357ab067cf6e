import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Server, type Socket } from 'socket.io'
import type { Entry } from '../../src/protocol/entry.ts'
import type { Position } from '../../src/protocol/position.ts'
import type { JoinAnswer, Notice } from '../../src/protocol/socket.ts'
import type { FeedModel } from '../spec/client/feed-model.ts'

type Leave = { eventId: string; replay?: string }
export type Join = { eventId: string; replay?: string; after: Position | null }

/**
 * A gateway that does what its test says: a real socket.io server that speaks the wire contract over a feed that is
 * written down plainly. By default it behaves; `answer` and `deliver` let a test have it misbehave.
 */
export class ScriptedGateway {
  feed: FeedModel
  /** Every join, as received. */
  readonly joins: Join[] = []
  readonly leaves: Leave[] = []
  readonly refreshes: { token: string }[] = []
  /** The token of each handshake. */
  readonly handshakes: (string | undefined)[] = []
  /** Answers in place of the feed's own; the first one is used up by the next join. */
  readonly answers: unknown[] = []
  admit: (token: string | undefined) => Error | undefined = () => undefined

  readonly #http = createServer()
  readonly #io = new Server(this.#http, { serveClient: false })
  #port = 0

  constructor(feed: FeedModel) {
    this.feed = feed
    this.#io.use((socket, next) => {
      const token = socket.handshake.auth['token'] as string | undefined
      this.handshakes.push(token)
      next(this.admit(token))
    })
    this.#io.on('connection', socket => this.#serve(socket))
  }

  static async start(feed: FeedModel): Promise<ScriptedGateway> {
    const gateway = new ScriptedGateway(feed)
    gateway.#http.listen(0, '127.0.0.1')
    await once(gateway.#http, 'listening')
    gateway.#port = (gateway.#http.address() as AddressInfo).port
    return gateway
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`
  }
  get sockets(): number {
    return this.#io.of('/').sockets.size
  }

  /** Sends one entry to everybody in the room. */
  deliver(entry: unknown, epoch = this.feed.epoch, room = this.feed.event.id): void {
    this.#io.to(room).emit('entry', room, epoch, entry)
  }

  beacon(viewers = this.sockets): void {
    const position = { epoch: this.feed.epoch, ...lastOf(this.feed) }
    this.#io.to(this.feed.event.id).emit('beacon', { eventId: this.feed.event.id, ...position, viewers })
  }

  notice(notice: Notice): void {
    this.#io.emit('notice', notice)
  }

  /** Drops every connection; viewers may come back at once. */
  drop(): void {
    this.#io.disconnectSockets(true)
  }

  async stop(): Promise<void> {
    await this.#io.close()
  }

  #serve(socket: Socket): void {
    socket.on('join', (join: Join, ack: (answer: unknown) => void) => {
      this.joins.push(join)
      const answer = this.answers.length > 0 ? this.answers.shift() : this.#answer(join)
      if ((answer as JoinAnswer | undefined)?.result !== 'refused') void socket.join(roomOf(join))
      ack(answer)
    })
    socket.on('leave', (leave: Leave, ack: (answer: unknown) => void) => {
      this.leaves.push(leave)
      void socket.leave(roomOf(leave))
      ack({ result: 'done' })
    })
    socket.on('refresh', (refresh: { token: string }, ack: (answer: unknown) => void) => {
      this.refreshes.push(refresh)
      ack({ result: 'done' })
    })
  }

  #answer({ after }: Join): JoinAnswer {
    const { edge: _, ...snapshot } = this.feed.snapshot(50)
    const { position } = snapshot
    if (after === null) return { result: 'restarted', reason: 'first-visit', position, snapshot }
    if (after.epoch !== this.feed.epoch) return { result: 'restarted', reason: 'epoch-changed', position, snapshot }
    if (after.seq > position.seq) return { result: 'restarted', reason: 'ahead-of-feed', position, snapshot }
    return { result: 'resumed', position, entries: this.feed.entries.slice(after.seq) }
  }
}

function roomOf({ eventId, replay }: Leave): string {
  return replay === undefined ? eventId : `replay:${replay}`
}

function lastOf(feed: FeedModel): Pick<Entry, 'seq' | 'chain'> {
  const { seq, chain } = feed.snapshot(1).position
  return { seq, chain }
}
