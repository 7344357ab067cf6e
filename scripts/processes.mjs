import { readFileSync } from 'node:fs'

/** Whether a process with this id runs. One that has ended and was not yet reaped does not. */
export function isAlive(pid) {
  try {
    process.kill(pid, 0)
  } catch (error) {
    return error.code === 'EPERM'
  }
  return !isZombie(pid)
}

function isZombie(pid) {
  try {
    return / Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\)/, ''))
  } catch (error) {
    // No /proc here (macOS), or the process has just gone.
    if (error.code === 'ENOENT' || error.code === 'ESRCH') return false
    throw error
  }
}

/** Sends a signal to a process that may have ended meanwhile. */
export function sendSignal(pid, signal) {
  try {
    process.kill(pid, signal)
  } catch (error) {
    if (error.code !== 'ESRCH') throw error
  }
}
