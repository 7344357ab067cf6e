import { Refusal } from '../../foundation/errors.ts'
import { type EndedEvent, findEnded } from '../../ops/archive/find-ended.ts'
import { type Stored, storeEvent } from '../../ops/archive/store-event.ts'
import { EXIT, UsageError } from '../command-line.ts'
import { isSafeHtml } from '../safe-html.ts'
import type { ArchiveOptions } from './archive-commands.ts'
import { type ShownProgress, showArchiveProgress } from './archive-progress.ts'
import type { CliContext } from './command.ts'
import { terminalActor } from './terminal-actor.ts'
import { withStore } from './with-store.ts'

export interface ArchiveEventsOptions extends ArchiveOptions {
  /** In ms. */
  readonly olderThan?: number
  readonly dryRun?: true
}

type Told =
  | ({ readonly eventId: string } & Stored)
  | (EndedEvent & { readonly result: 'would-move' })
  | { readonly eventId: string; readonly result: 'refused'; readonly refused: string; readonly detail: string }

/** `archive [EVENT...]`: resolves with the exit code. One event that is refused does not keep the others. */
export async function archiveEvents(
  named: readonly string[],
  options: ArchiveEventsOptions,
  context: CliContext,
): Promise<number> {
  const { stdout, stderr, signal } = context
  const { olderThan, dryRun, json } = options
  if (named.length > 0 === (olderThan !== undefined)) throw new UsageError('Name events, or give --older-than.')
  return await withStore(context, async (store, log) => {
    const progress = showArchiveProgress(stderr)
    const needs = { ...store, isSafeHtml, log }
    const before = new Date(Date.now() - (olderThan ?? 0))
    const ended = named.length === 0 || dryRun === true ? await findEnded(store, before) : []
    const ids = named.length > 0 ? named : ended.map(({ eventId }) => eventId)
    const results: Told[] = []
    for (const eventId of ids) {
      if (signal.aborted) break
      const result = dryRun === true ? plan(eventId, ended) : await move(needs, eventId, progress, signal)
      results.push(result)
      if (json !== true) stdout.write(`${eventId}: ${sentenceOf(result)}\n`)
    }
    if (json === true) stdout.write(`${JSON.stringify({ events: results }, undefined, 2)}\n`)
    else if (ids.length === 0) stdout.write('There is nothing to archive.\n')
    const isDone = results.length === ids.length && results.every(({ result }) => result !== 'refused')
    return isDone ? EXIT.done : EXIT.notDone
  })
}

function plan(eventId: string, ended: readonly EndedEvent[]): Told {
  const found = ended.find(event => event.eventId === eventId)
  if (found !== undefined) return { ...found, result: 'would-move' }
  return { eventId, result: 'refused', refused: 'event-open', detail: 'It is no ended event, or in the store already.' }
}

async function move(
  needs: Parameters<typeof storeEvent>[0],
  eventId: string,
  shown: ShownProgress,
  signal: AbortSignal,
): Promise<Told> {
  try {
    const progress = (what: string) => {
      const show = shown.of(what)
      return (done: number, total: number) => {
        signal.throwIfAborted()
        show(done, total)
      }
    }
    return { eventId, ...(await storeEvent(needs, eventId, { ...terminalActor(), progress })) }
  } catch (error) {
    signal.throwIfAborted()
    // A feed that is damaged is told, and does not keep the others.
    const { message } = error instanceof Error ? error : new Error(String(error))
    return { eventId, result: 'refused', refused: error instanceof Refusal ? error.code : 'internal', detail: message }
  } finally {
    shown.end()
  }
}

function sentenceOf(told: Told): string {
  switch (told.result) {
    case 'moved':
      return `${told.entries} entries were moved to the archive store, ${told.bytes} bytes`
    case 'was-there':
      return 'it was in the archive store already'
    case 'would-move':
      return `ended ${told.endedAt}, ${told.entries} entries would be moved`
    case 'refused':
      return `not moved. ${told.detail}`
  }
}
