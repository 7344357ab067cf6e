import { parse } from 'node:path'
import slugify from '@sindresorhus/slugify'
import { Command, CommanderError, InvalidArgumentError } from 'commander'
import { createClient, ProblemError } from '../../client/index.ts'
import type { Config } from '../../foundation/config.ts'
import { EventId } from '../../protocol/update.ts'
import {
  developmentToken,
  EXIT,
  type Output,
  readBytes,
  readEventId,
  readUrl,
  serverUrl,
  UsageError,
} from '../command-line.ts'
import { readBriefing } from './briefing.ts'
import { BriefingError } from './decode-text.ts'
import { playBriefing, sentenceOf } from './play-briefing.ts'
import { showProgress } from './progress.ts'
import { hasLanded, summaryOf } from './summary.ts'

interface Options {
  event?: string
  speed: number
  url: string
  gateway?: string
  token?: string
}

export interface PlayContext {
  readonly config: Config
  readonly stdout: Output
  readonly stderr: Output
  /** Aborted, it posts nothing more, and tells what was done. */
  readonly signal: AbortSignal
}

/** `play FILE`: resolves with the exit code, 0 when every update is in the feed, 1 when not, 2 for wrong usage. */
export async function runPlay(args: readonly string[], context: PlayContext): Promise<number> {
  try {
    const command = playCommand(context).parse(args, { from: 'user' })
    const [path = ''] = command.args
    return await play(path, command.opts<Options>(), context)
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage
    if (error instanceof UsageError || error instanceof BriefingError) return tell(error.message, EXIT.usage)
    if (error instanceof ProblemError) return tell(`${sentenceOf(error.problem)}${hintFor(error)}`, EXIT.notDone)
    if (context.signal.aborted) return EXIT.notDone
    throw error
  }

  function tell(sentence: string, exitCode: number): number {
    context.stderr.write(`${sentence}\n`)
    return exitCode
  }
}

function playCommand({ config, stdout, stderr }: PlayContext): Command {
  return new Command('play')
    .description('Posts a briefing file as an editor would, and tells how long everything took.')
    .argument('<file>', 'Dateline NDJSON, a live blog as JSON, or a page as text or HTML; see samples/README.md')
    .option('--event <id>', 'the event to post to, created where it does not exist (default: by the file)', readEventId)
    .option('--speed <factor>', 'how many times faster than it happened', readSpeed, 60)
    .option('--url <url>', 'where Dateline is', readUrl, serverUrl(config))
    .option('--gateway <url>', 'where its gateways are (default: GATEWAY_URL, or as --url)', readUrl)
    .option('--token <token>', "an editor's bearer token (default in development: one that is made here)")
    .configureOutput({ writeOut: text => stdout.write(text), writeErr: text => stderr.write(text) })
    .exitOverride()
}

async function play(path: string, options: Options, { config, stdout, signal }: PlayContext): Promise<number> {
  const file = await readBytes(config, path)
  const briefing = readBriefing(path, file, new Date())
  const eventId = options.event ?? briefing.event.id ?? idFrom(parse(path).name, briefing.event.headline)
  const token = options.token ?? (await developmentToken(config, 'Play'))
  const gatewayUrl = options.gateway ?? config.pages.gatewayUrl
  const client = createClient({ url: options.url, token, ...(gatewayUrl === undefined ? {} : { gatewayUrl }) })
  for (const sentence of briefing.leftOut) stdout.write(`Left out: ${sentence}\n`)
  for (const sentence of briefing.doubts ?? []) stdout.write(`Check: ${sentence}\n`)
  const progress = showProgress(stdout, briefing.items.length)
  const now = () => performance.now()
  const startedAt = now()
  try {
    const { speed } = options
    const onSent = progress.sent
    const identity = briefing.identity === undefined ? file : new TextEncoder().encode(briefing.identity)
    const played = await playBriefing({ client, briefing, identity, eventId, speed, signal, onSent, now })
    progress.end()
    stdout.write(summaryOf(played, now() - startedAt, options.url))
    return hasLanded(played) ? EXIT.done : EXIT.notDone
  } finally {
    progress.end()
    client.close()
  }
}

/** The file's name, as far as it makes an id, else its headline. */
function idFrom(fileName: string, headline: string): string {
  const slugs = [fileName, headline].map(text => slugify(text).slice(0, 64))
  return slugs.find(slug => EventId.safeParse(slug).success) ?? 'briefing'
}

function hintFor({ code, problem }: ProblemError): string {
  if (code === 'token-needed') return '. Give a token of that server with --token.'
  return problem.status === 0 ? '. Is it running? npm start starts it; --url says where it is.' : ''
}

function readSpeed(text: string): number {
  const speed = Number(text)
  if (!(speed > 0 && Number.isFinite(speed))) throw new InvalidArgumentError('Must be a number above 0.')
  return speed
}
