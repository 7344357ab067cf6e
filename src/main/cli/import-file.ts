import { importArchive } from '../../ops/archive/import-archive.ts'
import { readArchive } from '../../ops/archive/read-archive.ts'
import { EXIT } from '../command-line.ts'
import { isSafeHtml } from '../safe-html.ts'
import type { ArchiveOptions } from './archive-commands.ts'
import { readChunks } from './archive-file.ts'
import { showArchiveProgress } from './archive-progress.ts'
import type { CliContext } from './command.ts'
import { terminalActor } from './terminal-actor.ts'
import { withStore } from './with-store.ts'

export interface ImportOptions extends ArchiveOptions {
  readonly replace?: true
}

/** `import FILE`: resolves with the exit code. Throws Refusal and UsageError; then nothing was changed. */
export async function importFile(path: string, options: ImportOptions, context: CliContext): Promise<number> {
  const { config, stdout, stderr, signal } = context
  const chunks = await readChunks(path, context, signal)
  return await withStore(context, async (store, log) => {
    const progress = showArchiveProgress(stderr)
    try {
      const { manifest, event, replaced } = await importArchive(
        { ...store, isSafeHtml, log },
        readArchive(chunks, config.archive.maxBytes),
        {
          replace: options.replace === true,
          ...terminalActor(),
          progress: progress.of('Importing'),
        },
      )
      progress.end()
      const { counts, chain, sha256 } = manifest
      const told = { eventId: event.id, counts, chain, sha256, ...(replaced === undefined ? {} : { replaced }) }
      const instead = replaced === undefined ? '' : `, in the place of one with ${replaced.seq}`
      if (options.json === true) stdout.write(`${JSON.stringify(told, undefined, 2)}\n`)
      else stdout.write(`${event.id}: ${counts.entries} entries were taken in${instead}\n`)
      return EXIT.done
    } finally {
      progress.end()
    }
  })
}
