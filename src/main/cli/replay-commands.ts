import { type Command, InvalidArgumentError } from 'commander'
import { ReplayId, type ReplayPatch, ReplaySpeed } from '../../protocol/replay.ts'
import { readEventId } from '../command-line.ts'
import type { CliContext } from './command.ts'
import {
  type BeginOptions,
  beginReplay,
  changeReplay,
  listReplays,
  type SteerOptions,
  stopReplay,
  watchStanding,
} from './replay-event.ts'
import { withServer } from './server.ts'

const KEYS = `
On a terminal, keys steer it: space pauses and resumes, the left and right arrows jump 10 entries, up and down change the
speed, s sends one entry, q ends it, Ctrl-C leaves it running.
`

/** `replay` and what steers one: re-sends a feed's entries into a rehearsal room. For ops. */
export function addReplayCommands(
  dateline: Command,
  context: CliContext,
  exitCodes: string,
  end: (exitCode: number) => void,
): void {
  const replay = dateline
    .command('replay')
    .description("Replays an event's feed into a rehearsal room, or steers a replay. What is live notices nothing.")
    .addHelpText('after', exitCodes)

  /** Where no replay is named, it is the only one that runs. */
  function steering(name: string, description: string): Command {
    return withServer(replay.command(name).description(description), context)
      .argument('<event>', "the event's id", readEventId)
      .option('--json', 'print the replay as JSON')
      .addHelpText('after', exitCodes)
  }
  const withReplay = (command: Command) =>
    command.argument('[replay]', 'which one (default: the only one that runs)', readReplayId)
  const changing = (name: string, description: string, patch: ReplayPatch) =>
    withReplay(steering(name, description)).action(
      async (event: string, id: string | undefined, options: SteerOptions) =>
        end(await changeReplay(event, id, patch, options, context)),
    )

  withServer(replay.command('start', { isDefault: true }), context)
    .description('Begins a replay and shows how far it is, until it has ended. This is what replay EVENT does.')
    .argument('<event>', "the event's id", readEventId)
    .option(
      '--from <place>',
      'its first entry: a seq, or a moment such as 2023-12-15T10:00:00Z (default: 1)',
      readPlace,
    )
    .option('--to <place>', 'its last entry: a seq, or a moment (default: the last one now)', readPlace)
    .option('--speed <speed>', 'how many times faster than it happened, 0.1 to 1000; max; or step', readSpeed, 1)
    .option('--max-silence <seconds>', 'keep no silence for longer', readSilence)
    .option('--detach', 'only begin it')
    .option('--json', 'print the replay as JSON, as it stands in the end')
    .addHelpText('after', KEYS + exitCodes)
    .action(async (event: string, options: BeginOptions) => end(await beginReplay(event, options, context)))
  steering('list', "Lists an event's replays, the one that was last changed at the end.").action(
    async (event: string, options: SteerOptions) => end(await listReplays(event, options, context)),
  )
  withReplay(steering('watch', 'Shows how far a replay is, until it has ended.'))
    .addHelpText('after', KEYS)
    .action(async (event: string, id: string | undefined, options: SteerOptions) =>
      end(await watchStanding(event, id, options, context)),
    )
  changing('pause', 'Pauses a replay.', { state: 'paused' })
  changing('resume', 'Lets a paused replay go on.', { state: 'running' })
  changing('step', 'Sends the next entry of a replay, and pauses behind it.', { step: true })
  withReplay(
    steering('seek', 'Lets a replay go on from an entry; its viewers begin anew there.').argument(
      '<seq>',
      'the next entry to send',
      readSeq,
    ),
  ).action(async (event: string, seq: number, id: string | undefined, options: SteerOptions) =>
    end(await changeReplay(event, id, { seq }, options, context)),
  )
  withReplay(
    steering('speed', 'Changes the speed of a replay.').argument('<speed>', '0.1 to 1000, max, or step', readSpeed),
  ).action(async (event: string, speed: ReplaySpeed, id: string | undefined, options: SteerOptions) =>
    end(await changeReplay(event, id, { speed }, options, context)),
  )
  withReplay(steering('stop', 'Ends a replay, and its rehearsal room.')).action(
    async (event: string, id: string | undefined, options: SteerOptions) =>
      end(await stopReplay(event, id, options, context)),
  )
}

function readSpeed(text: string): ReplaySpeed {
  const speed = ReplaySpeed.safeParse(/^[\d.]+$/.test(text) ? Number(text) : text)
  if (!speed.success) throw new InvalidArgumentError('Must be 0.1 to 1000, max or step.')
  return speed.data
}

function readSeq(text: string): number {
  if (!/^[1-9]\d{0,14}$/.test(text)) throw new InvalidArgumentError('Must be the seq of an entry.')
  return Number(text)
}

/** A moment is read by the server, which says what is wrong with it. */
function readPlace(text: string): number | string {
  return /^\d+$/.test(text) ? readSeq(text) : text
}

function readReplayId(text: string): string {
  const id = ReplayId.safeParse(text)
  if (!id.success) throw new InvalidArgumentError(id.error.issues[0]?.message ?? 'Must be the id of a replay.')
  return id.data
}

/** Seconds, to ms. */
function readSilence(text: string): number {
  const seconds = Number(text)
  if (text.trim() !== '' && seconds >= 0 && seconds <= 86_400) return Math.round(seconds * 1_000)
  throw new InvalidArgumentError('Must be 0 to 86400 seconds.')
}
