import { type Command, Option } from 'commander'
import { createHttp, type Http, type WriteRequest } from '../../client/http.ts'
import { createClient, type DatelineClient, ProblemError } from '../../client/index.ts'
import type { Role } from '../../foundation/tokens.ts'
import { developmentToken, readUrl, serverUrl, UsageError } from '../command-line.ts'
import type { CliContext } from './command.ts'

export interface ServerOptions {
  readonly url: string
  readonly gateway?: string
  readonly token?: string
}

/** Adds `--url` and `--token` to a command that speaks to a running Dateline. */
export function withServer(command: Command, { config }: CliContext): Command {
  return command
    .option('--url <url>', 'where Dateline is', readUrl, serverUrl(config))
    .option('--token <token>', 'bearer token (default: DATELINE_TOKEN, or in development one made here)')
}

/** Adds `--gateway` to a command that follows a feed. */
export function gatewayOption(): Option {
  return new Option('--gateway <url>', 'where its gateways are (default: GATEWAY_URL, or as --url)').argParser(readUrl)
}

/** As whom a command speaks where nobody gave a token, in development. */
export interface Asker {
  readonly name: string
  readonly roles: readonly Role[]
  /** Without a token there is no answer. */
  readonly isNeeded: boolean
}

/** Close it when the command ends. Throws UsageError when a token is needed and there is none. */
export async function openClient(options: ServerOptions, context: CliContext, as: Asker): Promise<DatelineClient> {
  const gatewayUrl = options.gateway ?? context.config.pages.gatewayUrl
  const token = await tokenOf(options, context, as)
  return createClient({
    url: options.url,
    ...(token === undefined ? {} : { token }),
    ...(gatewayUrl === undefined ? {} : { gatewayUrl }),
  })
}

/** The HTTP routes that the SDK has no words for. Throws UsageError when a token is needed and there is none. */
export async function openHttp(options: ServerOptions, context: CliContext, as: Asker): Promise<Http> {
  const token = await tokenOf(options, context, as)
  return createHttp({ url: options.url, token: () => token, random: Math.random, fetch: globalThis.fetch })
}

/** One try: whoever sits at the terminal sees what went wrong, and decides about the next one. */
export async function writeOnce(http: Http, request: WriteRequest, signal: AbortSignal): Promise<unknown> {
  const failed = new AbortController()
  const onRepeat = ({ problem }: { problem: ProblemError['problem'] | undefined }) => {
    if (problem !== undefined) failed.abort(new ProblemError(problem))
  }
  const { body } = await http.write(request, { signal: AbortSignal.any([signal, failed.signal]), onRepeat })
  return body
}

/** The token that was given, or the one of the environment, or in development one made here. Throws UsageError. */
export async function tokenOf(
  { token, url }: Pick<ServerOptions, 'token' | 'url'>,
  { config }: CliContext,
  { name, roles, isNeeded }: Asker,
): Promise<string | undefined> {
  if (token !== undefined || config.cli.token !== undefined) return token ?? config.cli.token
  if (!isNeeded && (config.environment === 'production' || !isLocal(url))) return undefined
  // One of this machine's secret is good for nothing elsewhere, and is nobody else's to see.
  if (!isLocal(url)) {
    throw new UsageError(`For ${url}, give a token with the role ${roles.join(', ')}: --token or DATELINE_TOKEN.`)
  }
  return developmentToken(config, name, roles)
}

function isLocal(url: string): boolean {
  return ['localhost', '127.0.0.1', '[::1]'].includes(new URL(url).hostname)
}
