import { readFile } from 'node:fs/promises'
import { parse, resolve } from 'node:path'
import slugify from '@sindresorhus/slugify'
import { Command, CommanderError, InvalidArgumentError } from 'commander'
import { createClient, ProblemError } from '../../client/index.ts'
import type { Config } from '../../foundation/config.ts'
import { createTokens, findSecret } from '../../foundation/tokens.ts'
import { EventId } from '../../protocol/update.ts'
import { BriefingError, readBriefing } from './briefing.ts'
import { playBriefing, sentenceOf } from './play-briefing.ts'
import { type Output, showProgress } from './progress.ts'
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

const LANDED = 0
const NOT_LANDED = 1
const USAGE = 2

/** `play FILE`: resolves with the exit code, 0 when every update is in the feed, 1 when not, 2 for wrong usage. */
export async function runPlay(args: readonly string[], context: PlayContext): Promise<number> {
  try {
    const command = playCommand(context).parse(args, { from: 'user' })
    const [path = ''] = command.args
    return await play(path, command.opts<Options>(), context)
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? LANDED : USAGE
    if (error instanceof UsageError || error instanceof BriefingError) return tell(error.message, USAGE)
    if (error instanceof ProblemError) return tell(`${sentenceOf(error.problem)}${hintFor(error)}`, NOT_LANDED)
    if (context.signal.aborted) return NOT_LANDED
    throw error
  }

  function tell(sentence: string, exitCode: number): number {
    context.stderr.write(`${sentence}\n`)
    return exitCode
  }
}

class UsageError extends Error {}

function playCommand({ config, stdout, stderr }: PlayContext): Command {
  const { host, port } = config.http
  return new Command('play')
    .description('Posts a briefing file as an editor would, and tells how long everything took.')
    .argument('<file>', 'Dateline NDJSON, a live blog as JSON, or a page as text or HTML; see samples/README.md')
    .option('--event <id>', 'the event to post to, created where it does not exist (default: by the file)', readEventId)
    .option('--speed <factor>', 'how many times faster than it happened', readSpeed, 60)
    .option('--url <url>', 'where Dateline is', readUrl, `http://${host === '0.0.0.0' ? '127.0.0.1' : host}:${port}`)
    .option('--gateway <url>', 'where its gateways are (default: GATEWAY_URL, or as --url)', readUrl)
    .option('--token <token>', "an editor's bearer token (default in development: one that is made here)")
    .configureOutput({ writeOut: text => stdout.write(text), writeErr: text => stderr.write(text) })
    .exitOverride()
}

async function play(path: string, options: Options, { config, stdout, signal }: PlayContext): Promise<number> {
  const file = await readBytes(resolve(config.cwd, path))
  const briefing = readBriefing(path, file, new Date())
  const eventId = options.event ?? briefing.event.id ?? idFrom(parse(path).name, briefing.event.headline)
  const token = options.token ?? (await developmentToken(config))
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
    return hasLanded(played) ? LANDED : NOT_LANDED
  } finally {
    progress.end()
    client.close()
  }
}

async function readBytes(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path)
  } catch (cause) {
    const { code = 'unknown error' } = cause as NodeJS.ErrnoException
    throw new UsageError(`Cannot read ${path} (${code}).`, { cause })
  }
}

/** The file's name, as far as it makes an id, else its headline. */
function idFrom(fileName: string, headline: string): string {
  const slugs = [fileName, headline].map(text => slugify(text).slice(0, 64))
  return slugs.find(slug => EventId.safeParse(slug).success) ?? 'briefing'
}

async function developmentToken({ environment, auth }: Config): Promise<string> {
  if (environment === 'production') throw new UsageError('In production, give an editor token with --token.')
  const tokens = createTokens(await findSecret(auth))
  return tokens.sign({ sub: 'play', name: 'Play', roles: ['editor'] }, '24h')
}

function hintFor({ code, problem }: ProblemError): string {
  if (code === 'token-needed') return '. Give a token of that server with --token.'
  return problem.status === 0 ? '. Is it running? npm start starts it; --url says where it is.' : ''
}

function readEventId(text: string): string {
  const id = EventId.safeParse(text)
  if (!id.success) throw new InvalidArgumentError(id.error.issues[0]?.message ?? 'Must be an event id.')
  return id.data
}

function readSpeed(text: string): number {
  const speed = Number(text)
  if (!(speed > 0 && Number.isFinite(speed))) throw new InvalidArgumentError('Must be a number above 0.')
  return speed
}

function readUrl(text: string): string {
  if (!/^https?:\/\//.test(text) || !URL.canParse(text)) throw new InvalidArgumentError('Must be an http or https URL.')
  return text
}
