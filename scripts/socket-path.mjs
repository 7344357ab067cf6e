import { createHash } from 'node:crypto'
import { lstatSync, mkdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { StartError } from './errors.mjs'

/** The system cuts socket paths off at 108 bytes (Linux) or 104 (macOS). */
const LONGEST = 100
const OUTSIDE = 'dateline-socket-'

/** Where the private Redis of this folder listens: in it, or for a long path in a folder of ours under the temporary one. */
export function socketPath(folder) {
  const inside = join(folder, 'redis.sock')
  if (Buffer.byteLength(inside) <= LONGEST) return inside
  const name = createHash('sha256').update(folder).digest('hex').slice(0, 16)
  const outside = join(tmpdir(), `${OUTSIDE}${name}`)
  refuseForeign(outside)
  return join(outside, 'redis.sock')
}

/** Makes the folder of a socket, and takes away a socket that nobody listens on any more. */
export function makeWay(path) {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  rmSync(path, { force: true })
}

/** Leaves nothing in the temporary folder. */
export function clearAway(path) {
  if (dirname(path).startsWith(join(tmpdir(), OUTSIDE))) rmSync(dirname(path), { recursive: true, force: true })
}

/** The temporary folder is everybody's: somebody else's folder of this name could hold a Redis that listens in. */
function refuseForeign(folder) {
  const stat = lstatSync(folder, { throwIfNoEntry: false })
  if (stat === undefined) return
  const ours = stat.isDirectory() && stat.uid === process.getuid?.() && (stat.mode & 0o077) === 0
  if (!ours) throw new StartError(`${folder} belongs to somebody else. Choose a shorter DATA_DIR, or another TMPDIR.`)
}
