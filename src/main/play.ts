import { readConfig, StartError } from '../foundation/config.ts'
import { runPlay } from './play/command.ts'

// The first Ctrl-C ends the posting and shows what was done; a second one ends at once.
const interrupted = new AbortController()
process.once('SIGINT', () => interrupted.abort(new Error('interrupted')))

try {
  process.exitCode = await runPlay(process.argv.slice(2), {
    config: readConfig(process.env),
    stdout: process.stdout,
    stderr: process.stderr,
    signal: interrupted.signal,
  })
} catch (error) {
  if (!(error instanceof StartError)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 2
}
