import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { Writable } from 'node:stream'
import { Refusal } from '../../foundation/errors.ts'
import { planExport, writeArchive } from '../../ops/archive/export-archive.ts'
import { EXIT, type Output, UsageError } from '../command-line.ts'
import type { ArchiveOptions } from './archive-commands.ts'
import { writeArchiveFile } from './archive-file.ts'
import { showArchiveProgress } from './archive-progress.ts'
import type { CliContext } from './command.ts'
import { withStore } from './with-store.ts'

/** `export EVENT [FILE]`: resolves with the exit code. Throws Refusal and UsageError; then there is no file. */
export async function exportEvent(
  eventId: string,
  path: string,
  options: ArchiveOptions,
  context: CliContext,
): Promise<number> {
  const { config, stdout, stderr, signal } = context
  const isPiped = path === '-'
  if (isPiped && stdout.isTTY === true) throw new UsageError('An archive is no text for a terminal: name a file.')
  const file = isPiped ? undefined : resolve(config.cwd, path)
  return await withStore(context, async ({ archives }) => {
    const copy = await archives.copy(eventId)
    if (copy === undefined) throw new Refusal('event-not-found', `There is no event ${eventId}.`)
    const progress = showArchiveProgress(stderr)
    try {
      const archive = await planExport(copy, untilAborted(progress.of('Reading'), signal))
      const writing = untilAborted(progress.of('Writing'), signal)
      const write = (to: Writable) => writeArchive(archive, to, writing)
      if (file === undefined) await write(passedTo(stdout))
      else await writeArchiveFile(file, write)
      progress.end()
      const { counts, chain, sha256 } = archive.manifest
      const written = file === undefined ? {} : { file, bytes: (await stat(file)).size }
      const told = { eventId, ...written, counts, chain, sha256 }
      const into = isPiped ? stderr : stdout
      if (options.json === true) into.write(`${JSON.stringify(told, undefined, 2)}\n`)
      else
        into.write(
          `${eventId}: ${counts.entries} entries${file === undefined ? '' : ` in ${file}`}, sha256 ${sha256}\n`,
        )
      return EXIT.done
    } finally {
      progress.end()
      await copy.drop()
    }
  })
}

/** Standard output stays open behind it. */
function passedTo(output: Output): Writable {
  // A reader who goes away is told to the write as well, which ends the export.
  output.on('error', () => undefined)
  return new Writable({ write: (chunk: Buffer, _encoding, done) => void output.write(chunk, done) })
}

function untilAborted(progress: (done: number, total: number) => void, signal: AbortSignal) {
  return (done: number, total: number) => {
    signal.throwIfAborted()
    progress(done, total)
  }
}
