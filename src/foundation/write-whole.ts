import { randomUUID } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { open, readdir, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { Writable } from 'node:stream'

/** What is not whole yet is named so; no name that a file is given begins like this. */
const PART = '.part-'
/** What somebody began so long ago and did not end, nobody will. */
const STALE_MS = 24 * 3_600_000

/**
 * Writes a file that is there under its name when it is whole and safe on the disk, and not at all when something failed
 * before. Only its owner may read it. `write` ends the stream. Rejects with what failed; `syscall` is `open` where the file
 * could not be made.
 */
export async function writeWhole(path: string, write: (to: Writable) => Promise<void>): Promise<{ bytes: number }> {
  const part = partOf(path)
  try {
    const file = await open(part, 'wx', 0o600)
    await write(createWriteStream('', { fd: file, flush: true }))
    const { size } = await stat(part)
    await renameSafely(part, path)
    return { bytes: size }
  } catch (error) {
    await rm(part, { force: true })
    throw error
  }
}

/** A name beside `path` for what is not whole yet. */
export function partOf(path: string): string {
  return join(dirname(path), `${PART}${basename(path)}-${randomUUID().slice(0, 8)}`)
}

/** Gives a file or folder another name, and resolves when a crash of the machine will not undo that. */
export async function renameSafely(from: string, to: string): Promise<void> {
  await rename(from, to)
  await syncFolder(dirname(to))
}

export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path)
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

/** Clears away what others began to write here, and did not end because they were killed. */
export async function removeStaleParts(folder: string, now: Date): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!name.startsWith(PART)) continue
    const found = await stat(join(folder, name)).catch(() => undefined) // whoever wrote it has ended it meanwhile
    if (found !== undefined && now.getTime() - found.mtimeMs > STALE_MS) {
      await rm(join(folder, name), { recursive: true, force: true })
    }
  }
}
