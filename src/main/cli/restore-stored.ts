import { restoreEvent } from '../../ops/archive/restore-event.ts'
import { EXIT } from '../command-line.ts'
import { isSafeHtml } from '../safe-html.ts'
import type { ArchiveOptions } from './archive-commands.ts'
import { showArchiveProgress } from './archive-progress.ts'
import type { CliContext } from './command.ts'
import { terminalActor } from './terminal-actor.ts'
import { withStore } from './with-store.ts'

/** `restore-event EVENT`: resolves with the exit code. Throws Refusal; then nothing was changed. */
export async function restoreStored(eventId: string, options: ArchiveOptions, context: CliContext): Promise<number> {
  const { stdout, stderr } = context
  return await withStore(context, async (store, log) => {
    const progress = showArchiveProgress(stderr)
    try {
      const needs = { ...store, isSafeHtml, log }
      const { manifest } = await restoreEvent(needs, eventId, { ...terminalActor(), progress: progress.of })
      progress.end()
      const { counts, chain, sha256 } = manifest
      if (options.json === true) stdout.write(`${JSON.stringify({ eventId, counts, chain, sha256 }, undefined, 2)}\n`)
      else stdout.write(`${eventId}: ${counts.entries} entries are back. The event is ended: set it live to go on.\n`)
      return EXIT.done
    } finally {
      progress.end()
    }
  })
}
