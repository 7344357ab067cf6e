import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'

/** From here as it is written, and as it is built. */
const PLACES = ['../../package.json', '../../../package.json']

/** The version of this release, as package.json has it. */
export function readVersion(): string {
  const file = PLACES.map(place => fileURLToPath(new URL(place, import.meta.url))).find(existsSync)
  if (file === undefined) throw new Error('package.json is not where it should be')
  return z.object({ version: z.string() }).parse(JSON.parse(readFileSync(file, 'utf8'))).version
}
