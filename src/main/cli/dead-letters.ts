import type { Http } from '../../client/http.ts'
import { ProblemError } from '../../client/index.ts'
import { at, nextPage } from '../../client/paths.ts'
import type {
  AllDeadLettersPage,
  DeadLetter,
  DeadLetterPage,
  DeadLetterRetry,
  Retried,
  RetriedMany,
  Stray,
} from '../../protocol/ops.ts'
import { EXIT, readBytes, UsageError } from '../command-line.ts'
import { sentenceOf } from '../play/play-briefing.ts'
import type { CliContext } from './command.ts'
import { openHttp, type ServerOptions, writeOnce } from './server.ts'
import { columns, oneLine, wrapped } from './terminal-text.ts'

export interface ListLettersOptions extends ServerOptions {
  readonly json?: true
}

export interface RetryOptions extends ListLettersOptions {
  readonly all?: true
  readonly draft?: string
  readonly over?: number
}

export interface DiscardOptions extends ListLettersOptions {
  readonly reason: string
}

const AS_OPS = { name: 'Ops', roles: ['ops'], isNeeded: true } as const
/** In one request: what the server takes. */
const AT_A_TIME = 100

type Letter = DeadLetter & { readonly eventId: string }

/** `dead-letters list [EVENT]`: resolves with the exit code. Throws ProblemError. */
export async function listLetters(eventId: string | undefined, options: ListLettersOptions, context: CliContext) {
  const http = await openHttp(options, context, AS_OPS)
  const { letters, strays } = await readAll(http, eventId, context.signal)
  const { stdout } = context
  if (options.json === true) {
    const all = eventId === undefined ? { deadLetters: letters, strays } : { deadLetters: letters }
    stdout.write(`${JSON.stringify(all, undefined, 2)}\n`)
    return EXIT.done
  }
  const row = (letter: Letter) => [
    ...(eventId === undefined ? [letter.eventId] : []),
    ...[String(letter.acceptNumber), letter.endedAt, letter.action, oneLine(letter.submittedBy.name)],
    oneLine(letter.problem.detail ?? ''),
  ]
  stdout.write(columns(letters.map(row)))
  if (strays.length > 0) {
    const strayRow = ({ id, eventId: of = '', at: since, error }: Stray) => [id, of, since, oneLine(error)]
    stdout.write(`Of no event that there is:\n${columns(strays.map(strayRow))}`)
  }
  return EXIT.done
}

async function readAll(http: Http, eventId: string | undefined, signal: AbortSignal) {
  const letters: Letter[] = []
  const strays: Stray[] = []
  let page: string | undefined =
    eventId === undefined ? '/v1/ops/dead-letters?limit=100' : at(eventId, 'dead-letters?limit=100')
  while (page !== undefined) {
    const { headers, body } = await http.read(page, { signal })
    const found = body as DeadLetterPage & Partial<AllDeadLettersPage>
    letters.push(...found.deadLetters.map(letter => ({ eventId: eventId ?? '', ...letter })))
    strays.push(...(found.strays ?? []))
    page = nextPage(headers.get('Link'))
  }
  return { letters, strays }
}

/** `dead-letters show EVENT NUMBER`: resolves with the exit code. Throws ProblemError. */
export async function showLetter(eventId: string, number: number, options: ListLettersOptions, context: CliContext) {
  const http = await openHttp(options, context, AS_OPS)
  const { signal, stdout } = context
  const letter = (await http.read(at(eventId, 'dead-letters', String(number)), { signal })).body as DeadLetter
  stdout.write(options.json === true ? `${JSON.stringify(letter, undefined, 2)}\n` : letterText(letter))
  return EXIT.done
}

function letterText(letter: DeadLetter): string {
  const { acceptNumber, updateId = 'none', action, submittedBy, acceptedAt, endedAt, problem, attempts, raw } = letter
  const rows = [
    ['accept number', String(acceptNumber)],
    ['update', updateId],
    ['action', action],
    ['submitted by', oneLine(`${submittedBy.name} (${submittedBy.sub})`)],
    ['accepted', acceptedAt],
    ['ended', endedAt],
    ['attempts', String(attempts)],
    ['why', oneLine(problem.detail ?? problem.title)],
  ]
  const sent = wrapped(JSON.stringify(raw, undefined, 2), '  ')
  return `${columns(rows)}What was sent:\n${sent.join('\n')}\n`
}

/** What became of one number. */
type Result = RetriedMany['results'][number] | { readonly acceptNumber: number; readonly state: 'discarded' }

/** `dead-letters retry EVENT [NUMBERS...]`: resolves with the exit code. Throws UsageError and ProblemError. */
export async function retryLetters(
  eventId: string,
  numbers: readonly number[],
  options: RetryOptions,
  context: CliContext,
): Promise<number> {
  const { all, draft, over } = options
  if (all === true ? numbers.length > 0 : numbers.length === 0)
    throw new UsageError('Name accept numbers, or give --all.')
  if ((draft !== undefined || over !== undefined) && numbers.length !== 1) {
    throw new UsageError('--draft and --over go with one accept number.')
  }
  const http = await openHttp(options, context, AS_OPS)
  const [first = 0] = numbers
  if (draft !== undefined || over !== undefined) {
    return tell([await retryOne(http, eventId, first, options, context)], options, context)
  }
  // Those that are dead now: what dies again meanwhile is not tried again.
  const wanted = all === true ? await numbersOf(http, eventId, context.signal) : numbers
  const results: Result[] = []
  for (let from = 0; from < wanted.length; from += AT_A_TIME) {
    const body = { acceptNumbers: wanted.slice(from, from + AT_A_TIME) }
    const request = { method: 'POST', path: at(eventId, 'dead-letters', 'retry'), body } as const
    results.push(...((await writeOnce(http, request, context.signal)) as RetriedMany).results)
  }
  return tell(results, options, context)
}

async function numbersOf(http: Http, eventId: string, signal: AbortSignal): Promise<number[]> {
  return (await readAll(http, eventId, signal)).letters.map(({ acceptNumber }) => acceptNumber)
}

async function retryOne(
  http: Http,
  eventId: string,
  acceptNumber: number,
  { draft, over }: RetryOptions,
  { config, signal }: CliContext,
): Promise<Result> {
  const body = draft === undefined ? {} : { draft: readDraft(await readBytes(config, draft)) }
  const path = at(eventId, 'dead-letters', String(acceptNumber), 'retry')
  const request = { method: 'POST', path, body, ...(over === undefined ? {} : { version: over }) } as const
  const retried = (await writeOnce(http, request, signal)) as Retried
  return { acceptNumber, state: 'accepted', newAcceptNumber: retried.acceptNumber }
}

/** The server says what is wrong in it; here it must be an object of JSON. */
function readDraft(bytes: Uint8Array): DeadLetterRetry['draft'] {
  try {
    const draft: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
    if (typeof draft === 'object' && draft !== null && !Array.isArray(draft)) return draft
  } catch (cause) {
    throw new UsageError('The draft is not JSON.', { cause })
  }
  throw new UsageError('The draft must be an object of JSON.')
}

/** `dead-letters discard EVENT NUMBERS...`: resolves with the exit code. */
export async function discardLetters(
  eventId: string,
  numbers: readonly number[],
  options: DiscardOptions,
  context: CliContext,
): Promise<number> {
  const http = await openHttp(options, context, AS_OPS)
  const results: Result[] = []
  for (const acceptNumber of numbers) {
    const path = at(eventId, 'dead-letters', String(acceptNumber), 'discard')
    try {
      await writeOnce(http, { method: 'POST', path, body: { reason: options.reason } }, context.signal)
      results.push({ acceptNumber, state: 'discarded' })
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error
      results.push({ acceptNumber, problem: error.problem })
    }
  }
  return tell(results, options, context)
}

function tell(results: readonly Result[], { json }: ListLettersOptions, { stdout }: CliContext): number {
  if (json === true) stdout.write(`${JSON.stringify({ results }, undefined, 2)}\n`)
  else stdout.write(columns(results.map(result => [String(result.acceptNumber), wordsOf(result)])))
  return results.some(result => 'problem' in result) ? EXIT.notDone : EXIT.done
}

function wordsOf(result: Result): string {
  if ('problem' in result) return oneLine(sentenceOf(result.problem))
  return result.state === 'discarded' ? 'discarded' : `accepted anew as ${result.newAcceptNumber}`
}
