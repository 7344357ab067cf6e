import { io, type Socket } from 'socket.io-client'
import { afterEach, expect, vi } from 'vitest'
import type { Entry } from '../../src/protocol/entry.ts'
import { EMPTY_CHAIN, type Position } from '../../src/protocol/position.ts'
import type { Problem, ProblemCode } from '../../src/protocol/problems.ts'
import type { Beacon, ClientEvents, JoinAnswer, Notice, PlainAnswer, ServerEvents } from '../../src/protocol/socket.ts'
import { expectLinked } from './chain.ts'
import { type ExpectedProblem, problemLike } from './http.ts'
import { type Person, type TestServer, tokenOf } from './server.ts'

const ANSWER_MS = 8_000

export interface ViewerOptions {
  readonly as?: Person | { token: unknown }
  readonly headers?: Record<string, string>
  readonly query?: Record<string, string>
}

type Seen =
  | { readonly what: 'join'; readonly eventId: string; readonly after: Position | null; readonly answer: JoinAnswer }
  | { readonly what: 'entry'; readonly room: string; readonly epoch: string; readonly entry: Entry }

/** A viewer on plain socket.io-client: it notes what comes in the order in which it comes, and keeps nothing back. */
export class SocketViewer {
  readonly socket: Socket<ServerEvents, ClientEvents>
  readonly seen: Seen[] = []
  readonly beacons: Beacon[] = []
  readonly notices: Notice[] = []

  constructor(server: TestServer, { as, headers, query }: ViewerOptions = {}) {
    this.socket = io(server.url, {
      ...{ transports: ['websocket'], forceNew: true, reconnection: false },
      ...(as === undefined ? {} : { auth: { token: tokenOf(server, as) } }),
      ...(headers === undefined ? {} : { extraHeaders: headers }),
      ...(query === undefined ? {} : { query }),
    })
    this.socket.on('entry', (room, epoch, entry) => this.seen.push({ what: 'entry', room, epoch, entry }))
    this.socket.on('beacon', beacon => this.beacons.push(beacon))
    this.socket.on('notice', notice => this.notices.push(notice))
  }

  /** Resolves when the handshake is over; rejects with the error of connect_error. */
  async connected(): Promise<this> {
    await new Promise<void>((resolve, reject) => {
      this.socket.once('connect', resolve)
      this.socket.once('connect_error', reject)
    })
    return this
  }

  /** Joins, and notes the answer among what came before and after it. */
  join(eventId: string, after: Position | null = null): Promise<JoinAnswer> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`no answer to the join of ${eventId}`)), ANSWER_MS)
      this.socket.emit('join', { eventId, after }, answer => {
        clearTimeout(timer)
        this.seen.push({ what: 'join', eventId, after, answer })
        resolve(answer)
      })
    })
  }

  /** Any request, however wrong. */
  async ask(name: string, ...args: readonly unknown[]): Promise<JoinAnswer | PlainAnswer> {
    const emitter = this.socket.timeout(ANSWER_MS) as unknown as {
      emitWithAck(name: string, ...args: readonly unknown[]): Promise<JoinAnswer | PlainAnswer>
    }
    return await emitter.emitWithAck(name, ...args)
  }

  get entries(): Entry[] {
    return this.seen.flatMap(seen => (seen.what === 'entry' ? [seen.entry] : []))
  }

  /** Waits until it has been given `seq`. */
  async reaches(seq: number, timeout = 10_000): Promise<void> {
    await vi.waitFor(() => expect(this.reached).toBeGreaterThanOrEqual(seq), { timeout, interval: 10 })
  }

  /** The seq up to which it has been given the feed. */
  get reached(): number {
    const last = this.seen.at(-1)
    if (last?.what === 'entry') return last.entry.seq
    return last?.what === 'join' && last.answer.result !== 'refused' ? last.answer.position.seq : -1
  }

  /**
   * Goes through all that it was given of one event: after each answer the next entry is position.seq + 1, none is
   * missing or repeated, and each links to the one before.
   */
  expectNoGap(): void {
    let position: Position | undefined
    for (const seen of this.seen) {
      if (seen.what === 'entry') {
        expect(seen.epoch).toBe(position?.epoch)
        expect(seen.entry.seq).toBe((position?.seq ?? 0) + 1)
        position = { epoch: seen.epoch, seq: seen.entry.seq, chain: expectLinked(position?.chain ?? '', [seen.entry]) }
        continue
      }
      const { answer, after } = seen
      if (answer.result === 'refused') continue // it stands where it stood
      position = answer.position
      if (answer.result === 'restarted') {
        expect(answer.snapshot.position).toEqual(position)
        continue
      }
      const first = answer.entries[0]
      if (first !== undefined) expect(first.seq).toBe((after?.seq ?? 0) + 1)
      expect(position.seq).toBe((after?.seq ?? 0) + answer.entries.length)
      const before = after?.seq === 0 ? EMPTY_CHAIN : (after?.chain ?? '')
      expect(expectLinked(before, answer.entries)).toBe(position.chain)
    }
  }

  close(): void {
    this.socket.disconnect()
  }
}

/** Connects plain viewers to one server, and closes them after each test. */
export function viewersOf(server: TestServer) {
  const open: SocketViewer[] = []
  afterEach(() => {
    for (const viewer of open.splice(0)) viewer.close()
  })
  return {
    async connect(options?: ViewerOptions): Promise<SocketViewer> {
      const viewer = new SocketViewer(server, options)
      open.push(viewer)
      return await viewer.connected()
    },
  }
}

/** Expects exactly this refusal in an ack. */
export function expectRefused(
  answer: JoinAnswer | PlainAnswer,
  code: ProblemCode,
  expected: ExpectedProblem = {},
): void {
  expect(answer).toEqual({ result: 'refused', problem: expect.anything() })
  const { problem } = answer as { problem: Problem }
  expect(problem).toEqual(problemLike(code, expected, problem))
}
