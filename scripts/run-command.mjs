import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { StartError } from './errors.mjs'

const running = new Map()
process.on('exit', () => {
  for (const [child, killSignal] of running) child.kill(killSignal)
})

/**
 * Runs a command to its end and gives what it printed. Rejects with its last lines when it fails or cannot be started.
 * The child is sent `killSignal` when this process exits.
 */
export function runCommand(command, args, { cwd, env = process.env, killSignal = 'SIGTERM' } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
    let printed = ''
    running.set(child, killSignal)
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', chunk => {
        printed += chunk
      })
    }
    child.on('error', error => reject(new StartError(`${command} could not be run: ${error.message}`)))
    child.on('close', (code, signal) => {
      running.delete(child)
      if (code === 0) resolve(printed)
      else
        reject(
          new StartError(`${[command, ...args].join(' ')} ended with ${signal ?? code}:\n${lastLines(printed, 15)}`),
        )
    })
  })
}

/** The full path of the first of these programs that stands on PATH, or undefined. */
export function onPath(...programs) {
  const folders = (process.env.PATH ?? '').split(delimiter).filter(folder => folder !== '')
  return programs.flatMap(program => folders.map(folder => join(folder, program))).find(path => existsSync(path))
}

export function lastLines(text, count) {
  return text.trimEnd().split('\n').slice(-count).join('\n')
}
