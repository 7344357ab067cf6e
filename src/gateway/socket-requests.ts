import type { z } from 'zod'
import { accept } from '../foundation/accept.ts'
import { Refusal } from '../foundation/errors.ts'
import type { Logger } from '../foundation/logger.ts'
import type { Metrics } from '../foundation/metrics.ts'
import type { ClientEvents, PlainAnswer } from '../protocol/socket.ts'
import type { Manners } from './manners.ts'
import { problemOf } from './problem-of.ts'
import { ReadyJson } from './ready-json.ts'
import type { GatewaySocket } from './viewer.ts'

export interface SocketRequestsNeeds {
  readonly manners: Manners
  readonly metrics: Pick<Metrics, 'joins'>
  readonly log: Logger
}

/** How one request is answered: what it must look like, and what it does. */
export type Answering = <S extends z.ZodType>(
  name: keyof ClientEvents,
  schema: S,
  act: (request: z.output<S>, ack: (answer: ReadyJson) => void) => Promise<void>,
) => void

type Ack = (answer: ReadyJson) => void

/**
 * What a socket may ask: each request is answered through its ack, and none of them throws. Who asks for what there is not,
 * or wants no answer, or sends no valid request, is borne for a while only.
 */
export function answerRequests(socket: GatewaySocket, { manners, metrics, log }: SocketRequestsNeeds): Answering {
  const known = new Set<string>()
  /** Requests are counted one after the other, so that they begin in the order in which they came. */
  let turn: Promise<void> = Promise.resolve()

  function counted(name: string): Promise<void> {
    const asked = turn.then(() => manners.ask(socket.id, name))
    turn = asked.catch(() => {}) // the request itself is told
    return asked
  }

  async function sentRubbish(): Promise<void> {
    if (!(await manners.sentRubbish(socket.id)) || !socket.connected) return
    socket.data.dropped = 'bad-message'
    socket.disconnect(true)
  }

  function refuse(name: string, error: unknown, ack: Ack | undefined): void {
    const problem = problemOf(error)
    if (problem.status === 500) log.error({ err: error, name }, 'socket request failed')
    if (name === 'join') metrics.joins.inc({ result: 'refused' })
    const { retryAfterMs } = problem
    const told = typeof retryAfterMs === 'number' ? { retryAfterMs } : {}
    const refused: PlainAnswer = { result: 'refused', problem, ...told }
    ack?.(new ReadyJson(JSON.stringify(refused)))
    if (problem.status === 400) void sentRubbish()
  }

  socket.onAny((name: string, ...args: unknown[]) => {
    if (known.has(name)) return
    counted(name)
      .then(() => Promise.reject(new Refusal('invalid-request', `There is no request of that name.`)))
      .catch((error: unknown) => refuse(name, error, ackOf(args)))
  })

  return (name, schema, act) => {
    known.add(name)
    socket.on(name, (...args: unknown[]) => {
      const ack = ackOf(args)
      // Nobody to answer, and a join without its answer is of no use.
      if (ack === undefined) return void sentRubbish()
      counted(name)
        .then(() => {
          if (args.length !== 2) throw new Refusal('invalid-request', `${name} takes one object and an ack.`)
          return act(accept(schema, args[0]), ack)
        })
        .catch((error: unknown) => refuse(name, error, ack))
    })
  }
}

function ackOf(args: readonly unknown[]): Ack | undefined {
  const ack = args.at(-1)
  return typeof ack === 'function' ? answer => void ack(answer) : undefined
}
