import { createReadStream } from 'node:fs'
import { mkdir, open, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { removeStaleParts, syncFolder, writeWhole } from '../../../foundation/write-whole.ts'
import { type ArchiveStore, NotStored, type StoredObject } from './archive-store.ts'

const NAME = /^[a-z0-9][a-z0-9.-]{0,200}$/

/** A folder with one file for each archive. It is made when the first one is put there. */
export function createDiskStore(folder: string): ArchiveStore {
  return {
    place: folder,

    async put(name, write) {
      const path = pathOf(folder, name)
      await mkdir(folder, { recursive: true, mode: 0o700 })
      await removeStaleParts(folder, new Date())
      return await writeWhole(path, write)
    },

    async get(name) {
      const file = await open(pathOf(folder, name)).catch((cause: NodeJS.ErrnoException) => {
        if (cause.code !== 'ENOENT') throw cause
        throw new NotStored(`There is no ${name} in ${folder}.`, { cause })
      })
      return createReadStream('', { fd: file })
    },

    async list(prefix) {
      const found: StoredObject[] = []
      for (const name of await namesIn(folder)) {
        if (!name.startsWith(prefix) || !NAME.test(name)) continue
        const { size, mtime } = await stat(join(folder, name))
        found.push({ name, bytes: size, storedAt: mtime })
      }
      return found
    },

    async remove(name) {
      await rm(pathOf(folder, name), { force: true })
      await syncFolder(folder)
    },
  }
}

function pathOf(folder: string, name: string): string {
  if (!NAME.test(name)) throw new Error(`${name} is no name of an archive`)
  return join(folder, name)
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}
