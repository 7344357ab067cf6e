import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { resolve } from 'node:path'
import { addAbortSignal, Readable, type Writable } from 'node:stream'
import type { Config } from '../../foundation/config.ts'
import { writeWhole } from '../../foundation/write-whole.ts'
import { UsageError } from '../command-line.ts'

/** The bytes of a file, or of standard input for `-`. Throws UsageError when it cannot be opened. */
export async function readChunks(
  path: string,
  { config, stdin }: { config: Config; stdin: NodeJS.ReadableStream },
  signal: AbortSignal,
): Promise<AsyncIterable<Uint8Array>> {
  if (path === '-') return untilAborted(Readable.from(stdin), signal)
  const whole = resolve(config.cwd, path)
  const file = await open(whole).catch((cause: NodeJS.ErrnoException) => {
    throw new UsageError(`Cannot read ${whole} (${cause.code ?? 'unknown error'}).`, { cause })
  })
  return untilAborted(createReadStream('', { fd: file }), signal)
}

/** Aborted, it ends with an error at once, also while nothing comes. */
function untilAborted(chunks: Readable, signal: AbortSignal): AsyncIterable<Uint8Array> {
  return addAbortSignal(signal, chunks)
}

/** Writes a file that is there under its name when it is whole, and not at all when something failed before. */
export async function writeArchiveFile(path: string, write: (to: Writable) => Promise<void>): Promise<void> {
  try {
    await writeWhole(path, write)
  } catch (cause) {
    const { code = 'unknown error', syscall } = cause as NodeJS.ErrnoException
    if (syscall !== 'open') throw cause
    throw new UsageError(`Cannot write ${path} (${code}).`, { cause })
  }
}
