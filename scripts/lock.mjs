import { mkdirSync, readFileSync, rmdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { isAlive } from './processes.mjs'

/** A holder touches its lock this often; one that was not touched for STALE_MS was left behind. */
const TOUCH_MS = 2_000
const STALE_MS = 30_000
/** Longer than the few system calls that happen under it can take. */
const TAKEOVER_STALE_MS = 5_000

/**
 * Runs `work` while holding the lock directory `path`, so that two processes never do it at the same time.
 * The second waits; a lock whose process has died is taken over. `onWait` is told once, before the wait.
 */
export async function withLock(path, work, onWait = () => {}) {
  mkdirSync(dirname(path), { recursive: true })
  for (let tries = 0; !take(path); tries += 1) {
    if (tries === 0) onWait()
    if (isStale(path)) removeStale(path)
    else await sleep(100)
  }
  // Whoever was frozen for STALE_MS may find that the lock is another's by now.
  const touch = setInterval(() => pidIn(path) === process.pid && utimesSync(path, new Date(), new Date()), TOUCH_MS)
  const release = () => pidIn(path) === process.pid && rmSync(path, { recursive: true, force: true })
  process.once('exit', release)
  try {
    return await work()
  } finally {
    clearInterval(touch)
    process.off('exit', release)
    release()
  }
}

function take(path) {
  if (!makeFolder(path)) return false
  writeFileSync(join(path, 'pid'), String(process.pid))
  return true
}

function isStale(path) {
  const age = ageMs(path)
  if (age === undefined) return false
  const pid = pidIn(path)
  return age > STALE_MS || (pid !== undefined && !isAlive(pid))
}

/** Only one process at a time may remove, or the second would remove the lock that the first has just taken. */
function removeStale(path) {
  const takeover = `${path}.takeover`
  if (!makeFolder(takeover)) {
    if ((ageMs(takeover) ?? 0) > TAKEOVER_STALE_MS) rmSync(takeover, { recursive: true, force: true })
    return
  }
  if (isStale(path)) rmSync(path, { recursive: true, force: true })
  rmdirSync(takeover)
}

function makeFolder(path) {
  try {
    mkdirSync(path)
    return true
  } catch (error) {
    if (error.code === 'EEXIST') return false
    throw error
  }
}

function ageMs(path) {
  const stat = statSync(path, { throwIfNoEntry: false })
  return stat === undefined ? undefined : Date.now() - stat.mtimeMs
}

function pidIn(path) {
  try {
    return Number(readFileSync(join(path, 'pid'), 'utf8')) || undefined
  } catch (error) {
    // The lock is being taken or released at this moment.
    if (error.code === 'ENOENT') return undefined
    throw error
  }
}
