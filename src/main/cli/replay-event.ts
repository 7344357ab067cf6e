import type { Replay, ReplayPatch, ReplayRequest, ReplaySpeed } from '../../protocol/replay.ts'
import { EXIT } from '../command-line.ts'
import type { CliContext } from './command.ts'
import { createReplayCalls, type ReplayCalls } from './replay-calls.ts'
import { speedText } from './replay-steering.ts'
import { openHttp, type ServerOptions } from './server.ts'
import { columns } from './terminal-text.ts'
import { watchReplay } from './watch-replay.ts'

export interface SteerOptions extends ServerOptions {
  readonly json?: true
}

export interface BeginOptions extends SteerOptions {
  /** A seq, or a moment. */
  readonly from?: number | string
  readonly to?: number | string
  readonly speed: ReplaySpeed
  /** Ms. */
  readonly maxSilence?: number
  readonly detach?: true
}

const AS_OPS = { name: 'Terminal', roles: ['ops'], isNeeded: true } as const

/** `replay EVENT`: begins one and looks on. Resolves with the exit code; throws UsageError and ProblemError. */
export async function beginReplay(eventId: string, options: BeginOptions, context: CliContext): Promise<number> {
  const { from, to, speed, maxSilence, detach } = options
  const calls = await callsFor(eventId, options, context)
  const request: Partial<ReplayRequest> = {
    speed,
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(maxSilence === undefined ? {} : { maxSilenceMs: maxSilence }),
  }
  const replay = await calls.begin(request)
  if (detach === true) return tell(replay, options, context)
  if (options.json !== true) tell(replay, options, context)
  return await lookOn(calls, replay, options, context)
}

/** `replay watch`: looks on at one that was begun elsewhere. */
export async function watchStanding(
  eventId: string,
  replayId: string | undefined,
  options: SteerOptions,
  context: CliContext,
): Promise<number> {
  const calls = await callsFor(eventId, options, context)
  return await lookOn(calls, await named(calls, replayId), options, context)
}

/** `replay list`. */
export async function listReplays(eventId: string, options: SteerOptions, context: CliContext): Promise<number> {
  const replays = await (await callsFor(eventId, options, context)).list()
  const { stdout } = context
  if (options.json === true) stdout.write(`${JSON.stringify(replays, undefined, 2)}\n`)
  else stdout.write(columns(replays.map(rowOf)))
  return EXIT.done
}

/** `replay pause`, `resume`, `seek`, `step` and `speed`. */
export async function changeReplay(
  eventId: string,
  replayId: string | undefined,
  patch: ReplayPatch,
  options: SteerOptions,
  context: CliContext,
): Promise<number> {
  const calls = await callsFor(eventId, options, context)
  const id = replayId ?? (await calls.only()).id
  return tell(await calls.change(id, patch), options, context)
}

/** `replay stop`. */
export async function stopReplay(
  eventId: string,
  replayId: string | undefined,
  options: SteerOptions,
  context: CliContext,
): Promise<number> {
  const calls = await callsFor(eventId, options, context)
  const replay = await named(calls, replayId)
  await calls.end(replay.id)
  return tell({ ...replay, state: 'ended' }, options, context)
}

async function callsFor(eventId: string, options: ServerOptions, context: CliContext): Promise<ReplayCalls> {
  return createReplayCalls(await openHttp(options, context, AS_OPS), eventId, context.signal)
}

async function named(calls: ReplayCalls, replayId: string | undefined): Promise<Replay> {
  return await (replayId === undefined ? calls.only() : calls.find(replayId))
}

async function lookOn(calls: ReplayCalls, begun: Replay, options: SteerOptions, context: CliContext): Promise<number> {
  const { how, replay } = await watchReplay(calls, begun, context)
  if (how === 'left') {
    const again = `dateline replay watch ${replay.eventId} ${replay.id}`
    context.stderr.write(
      `The replay goes on. To look on again: ${again}; to end it: replay stop, in place of replay watch.\n`,
    )
  }
  tell(how === 'stopped' ? { ...replay, state: 'ended' } : replay, options, context)
  return how === 'played' ? EXIT.done : EXIT.notDone
}

function tell(replay: Replay, { json }: SteerOptions, { stdout }: CliContext): number {
  stdout.write(json === true ? `${JSON.stringify(replay, undefined, 2)}\n` : columns([rowOf(replay)]))
  return EXIT.done
}

function rowOf({ id, state, from, to, seq, speed, lap, maxSilenceMs }: Replay): string[] {
  const silence = maxSilenceMs === undefined ? '' : `, silences of at most ${maxSilenceMs / 1_000} s`
  const where = seq < from ? 'before its first' : `at ${seq}`
  return [id, state, `entries ${from} to ${to}, ${where}`, `${speedText(speed)}${silence}`, `lap ${lap}`]
}
