import { randomUUID } from 'node:crypto'
import { type DatelineClient, ProblemError } from '../../client/index.ts'
import type { Problem } from '../../protocol/problems.ts'
import type { SubmissionState } from '../../protocol/submission.ts'
import { MAX_BODY_CHARS } from '../../protocol/update.ts'
import { EXIT, UsageError } from '../command-line.ts'
import { decodeText } from '../play/decode-text.ts'
import { sentenceOf } from '../play/play-briefing.ts'
import type { CliContext } from './command.ts'
import { openClient, type ServerOptions } from './server.ts'
import { oneLine } from './terminal-text.ts'

/** A body of MAX_BODY_CHARS has at most so many, and white space around it. */
const MAX_STDIN_BYTES = 4 * MAX_BODY_CHARS

export interface PostOptions extends ServerOptions {
  readonly headline?: string
  readonly keyEvent?: true
  readonly breaking?: true
  readonly happenedAt?: string
  readonly format: 'text' | 'markdown' | 'html'
  /** Seconds. */
  readonly wait: number
  /** Seconds. */
  readonly retryFor: number
  readonly idempotencyKey?: string
  readonly json?: true
}

/** What is known of it in the end. */
interface Outcome {
  readonly state: SubmissionState
  readonly updateId?: string
  readonly acceptNumber?: number
  readonly seq?: number
  readonly problem?: Problem
  /** It was accepted before, under this key. */
  readonly replayed: boolean
}

/** It is there: by itself, or in a later version that came in before it. */
const LANDED: readonly SubmissionState[] = ['published', 'revised', 'superseded']

/** `post EVENT [TEXT]`: resolves with the exit code. Throws UsageError, BriefingError and ProblemError. */
export async function postUpdate(
  eventId: string,
  text: string | undefined,
  options: PostOptions,
  context: CliContext,
): Promise<number> {
  const draft = draftOf(await readBody(text, context), options)
  const key = options.idempotencyKey ?? randomUUID()
  const client = await openClient(options, context, { name: 'Terminal', roles: ['editor'], isNeeded: true })
  const accepted = await post(client, { eventId, draft, key }, options, context)
  if (accepted === undefined) return EXIT.notDone
  const outcome = await endOf(client, eventId, accepted, options.wait, context)
  const { stdout } = context
  if (options.json === true) {
    stdout.write(`${JSON.stringify({ eventId, ...outcome, idempotencyKey: key }, undefined, 2)}\n`)
  } else stdout.write(`${outcomeText(outcome, options.wait)}\n`)
  const isContent = options.wait === 0 && outcome.state === 'accepted'
  return LANDED.includes(outcome.state) || isContent ? EXIT.done : EXIT.notDone
}

async function readBody(text: string | undefined, { stdin }: CliContext): Promise<string> {
  if (text !== undefined && text !== '-') return text
  if (text === undefined && stdin.isTTY === true) {
    throw new UsageError('Give its words, or - and the words on standard input.')
  }
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of stdin) {
    const bytes = Buffer.from(chunk)
    length += bytes.length
    if (length > MAX_STDIN_BYTES) throw new UsageError(`Standard input is longer than ${MAX_STDIN_BYTES} bytes.`)
    chunks.push(bytes)
  }
  return decodeText(Buffer.concat(chunks)).replace(/\s+$/, '')
}

function draftOf(body: string, { headline, keyEvent, breaking, happenedAt, format }: PostOptions) {
  return {
    body,
    bodyFormat: format,
    ...(headline === undefined ? {} : { headline }),
    ...(happenedAt === undefined ? {} : { happenedAt }),
    ...(keyEvent === true ? { isKeyEvent: true } : {}),
    ...(breaking === true ? { isBreaking: true } : {}),
  }
}

interface Post {
  readonly eventId: string
  readonly draft: ReturnType<typeof draftOf>
  readonly key: string
}

/** Undefined when it is not known whether it was accepted; how to find out is told. Throws ProblemError when refused. */
async function post(
  client: DatelineClient,
  { eventId, draft, key }: Post,
  { retryFor }: PostOptions,
  { stderr, signal }: CliContext,
): Promise<Outcome | undefined> {
  const givenUp = new AbortController()
  const enough = AbortSignal.any([signal, givenUp.signal])
  const until = performance.now() + retryFor * 1_000
  try {
    const written = await client.publish(eventId, draft, {
      key,
      signal: enough,
      onRepeat({ inMs, problem }) {
        const why = oneLine(problem === undefined ? 'There was no answer' : sentenceOf(problem))
        if (performance.now() + inMs > until) givenUp.abort()
        const next = givenUp.signal.aborted ? '' : ` Trying again in ${(inMs / 1_000).toFixed(1)} s.`
        stderr.write(`${why}.${next}\n`)
      },
    })
    const { replayed } = written
    if (written.state === 'done') return { state: 'published', updateId: written.update.id, replayed }
    const { acceptNumber, updateId, state } = written.receipt
    return { state, acceptNumber, ...(updateId === undefined ? {} : { updateId }), replayed }
  } catch (error) {
    if (!enough.aborted) throw error
    stderr.write(
      `It is not known whether this was accepted. To post it for certain, and once: the same again with ` +
        `--idempotency-key ${key}\n`,
    )
    return undefined
  }
}

/** Accepted, it is safe: if its end cannot be learned, that is told, and it stands as accepted. */
async function endOf(
  client: DatelineClient,
  eventId: string,
  outcome: Outcome,
  waitSeconds: number,
  { stderr }: CliContext,
): Promise<Outcome> {
  const { acceptNumber } = outcome
  if (acceptNumber === undefined || waitSeconds === 0) return outcome
  try {
    return { ...outcome, ...(await client.submission(eventId, acceptNumber, { waitSeconds })) }
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error
    stderr.write(`${oneLine(sentenceOf(error.problem))}.\n`)
    return outcome
  }
}

function outcomeText({ state, updateId, acceptNumber, seq, problem, replayed }: Outcome, waitSeconds: number): string {
  const number = acceptNumber === undefined ? '' : `, accept number ${acceptNumber}`
  const entry = seq === undefined ? '' : `, entry ${seq}`
  const before = replayed ? ' (it had been posted before, under this key)' : ''
  const still =
    state === 'accepted' && waitSeconds > 0 ? `; it is safe, but was not published within ${waitSeconds} s` : ''
  const why = problem === undefined ? '' : `: ${oneLine(sentenceOf(problem))}`
  return `${state}${why}  ${updateId ?? ''}${number}${entry}${still}${before}`
}
