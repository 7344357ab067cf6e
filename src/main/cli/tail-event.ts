import { EventEmitter, on, once } from 'node:events'
import { InvalidArgumentError } from 'commander'
import type { ConnectionState, WatchChange } from '../../client/index.ts'
import { EXIT } from '../command-line.ts'
import { sentenceOf } from '../play/play-briefing.ts'
import type { CliContext } from './command.ts'
import { entryText } from './entry-text.ts'
import { FeedTail, type Shown } from './feed-tail.ts'
import { openClient, openHttp, type ServerOptions } from './server.ts'
import { oneLine, painter } from './terminal-text.ts'

export interface TailOptions extends ServerOptions {
  readonly from: number | 'now'
  readonly json?: true
}

/** Private events are shown to those who may see them. */
const AS_READER = { name: 'Terminal', roles: ['ops'], isNeeded: false } as const

export function readStart(text: string): number | 'now' {
  if (text === 'now') return 'now'
  if (text === 'start') return 1
  if (!/^[1-9]\d{0,14}$/.test(text)) throw new InvalidArgumentError('Must be the seq of an entry, start or now.')
  return Number(text)
}

/**
 * `tail EVENT`: shows entries until it is interrupted or its reader goes away (0), or it is not let in (1). What happens to
 * the connection goes to stderr; that the feed is not the one that was shown stands between the entries.
 */
export async function tailEvent(eventId: string, options: TailOptions, context: CliContext): Promise<number> {
  const { stdout, stderr, signal } = context
  const tell = (sentence: string) => void stderr.write(`${eventId}: ${oneLine(sentence)}\n`)
  const reader = new AbortController()
  stdout.on('error', (error: Error) => reader.abort(error))
  const until = AbortSignal.any([signal, reader.signal])
  const client = await openClient(options, context, AS_READER)
  const http = await openHttp(options, context, AS_READER)
  const from = options.from === 'now' ? undefined : options.from
  const tail = new FeedTail({ http, eventId, from, signal: until, onTrouble: tell })
  const textOf = options.json === true ? (shown: Shown) => `${JSON.stringify(shown)}\n` : textFor(context.isColoured)
  const watched = new EventEmitter()
  client.watch(eventId, { onChange: change => watched.emit('change', change) })
  try {
    for await (const [change] of on(watched, 'change', { signal: until }) as AsyncIterable<[WatchChange]>) {
      if (change.kind === 'state') tellState(change.state, tell)
      if (change.kind === 'state' && change.state.name === 'refused') return EXIT.notDone
      for await (const shown of tail.take(change)) {
        if (!stdout.write(textOf(shown))) await once(stdout, 'drain', { signal: until })
      }
    }
    return EXIT.done
  } catch (error) {
    if (signal.aborted || isOfReader(reader.signal.reason)) return EXIT.done
    throw error
  } finally {
    client.close()
  }
}

function tellState(state: ConnectionState, tell: (sentence: string) => void): void {
  if (state.name === 'waiting') tell(`${state.why} Trying again in ${(state.retryInMs / 1_000).toFixed(1)} s.`)
  if (state.name === 'refused') tell(`${sentenceOf(state.problem)}.`)
  if (state.name !== 'live') return
  tell(state.stale ? 'Following; but the gateway cannot reach the feed at the moment.' : 'Following.')
}

function textFor(isColoured: boolean): (shown: Shown) => string {
  const paint = painter(isColoured)
  return shown => {
    if (shown.type !== 'restarted') return entryText(shown, paint)
    const { reason, position } = shown
    const why = `This feed does not go on from what was shown (${oneLine(reason)}). It goes on behind its entry ${position.seq}.`
    return `${paint('yellow', `-- ${why}`)}\n`
  }
}

function isOfReader(error: unknown): boolean {
  return error instanceof Error && (error as NodeJS.ErrnoException).code === 'EPIPE'
}
