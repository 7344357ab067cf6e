import { proveFeed } from '../../feed/feed-proof.ts'
import { Refusal } from '../../foundation/errors.ts'
import { type CheckedArchive, checkArchive } from '../../ops/archive/check-archive.ts'
import { type Progress, planExport } from '../../ops/archive/export-archive.ts'
import { readArchive } from '../../ops/archive/read-archive.ts'
import type { FeedProof } from '../../protocol/ops.ts'
import { EventId } from '../../protocol/update.ts'
import { EXIT } from '../command-line.ts'
import { isSafeHtml } from '../safe-html.ts'
import type { ArchiveOptions } from './archive-commands.ts'
import { readChunks } from './archive-file.ts'
import { showArchiveProgress } from './archive-progress.ts'
import type { CliContext } from './command.ts'
import { withStore } from './with-store.ts'

/** `verify EVENT|FILE`: resolves with the exit code. Throws Refusal (archive-broken with the line) and UsageError. */
export async function verifyArchive(what: string, options: ArchiveOptions, context: CliContext): Promise<number> {
  const { stdout, stderr } = context
  const shown = showArchiveProgress(stderr)
  try {
    const progress = shown.of('Checking')
    const isEvent = EventId.safeParse(what).success
    const difference = isEvent ? await differenceOf(what, context) : undefined
    if (difference !== undefined) return tellDifference(what, difference, options, context)
    const { manifest, event } = isEvent
      ? await checkEvent(what, progress, context)
      : await checkFile(what, progress, context)
    shown.end()
    const { counts, chain, sha256 } = manifest
    const told = { ok: true, eventId: event.id, counts, chain, sha256 }
    if (options.json === true) stdout.write(`${JSON.stringify(told, undefined, 2)}\n`)
    else stdout.write(`${event.id}: complete: 1..${counts.entries}, all well\n`)
    return EXIT.done
  } finally {
    shown.end()
  }
}

type Difference = Extract<FeedProof, { complete: false }>['firstDifference']

/** Where the chain of a feed is not what its lines make, the rest need not be looked at. */
async function differenceOf(eventId: string, context: CliContext): Promise<Difference | undefined> {
  return await withStore(context, async ({ reader }) => {
    const answer = await proveFeed(reader, eventId, 0)
    if (!answer.found) throw new Refusal('event-not-found', `There is no event ${eventId}.`)
    return answer.proof.complete ? undefined : answer.proof.firstDifference
  })
}

function tellDifference(eventId: string, found: Difference, { json }: ArchiveOptions, { stdout }: CliContext): number {
  if (json === true) stdout.write(`${JSON.stringify({ ok: false, eventId, firstDifference: found }, undefined, 2)}\n`)
  else stdout.write(`${eventId}: differs at ${found.seq}: ${found.problem}\n`)
  return EXIT.notDone
}

async function checkFile(path: string, progress: Progress, context: CliContext): Promise<CheckedArchive> {
  const { config, signal } = context
  const chunks = await readChunks(path, context, signal)
  return await checkArchive(readArchive(chunks, config.archive.maxBytes), isSafeHtml, { progress })
}

/** As an archive of it would be checked. */
async function checkEvent(eventId: string, progress: Progress, context: CliContext): Promise<CheckedArchive> {
  return await withStore(context, async ({ archives }) => {
    const copy = await archives.copy(eventId)
    if (copy === undefined) throw new Refusal('event-not-found', `There is no event ${eventId}.`)
    try {
      const { pages } = await planExport(copy)
      async function* lines() {
        for await (const page of pages()) {
          context.signal.throwIfAborted()
          yield* page
        }
      }
      return await checkArchive(lines(), isSafeHtml, { progress })
    } finally {
      await copy.drop()
    }
  })
}
