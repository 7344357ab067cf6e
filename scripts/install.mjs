import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { runCommand } from './run-command.mjs'

const STAMP = 'node_modules/.dateline-lock'
const INSTALLED = 'node_modules/.package-lock.json'

/** Runs `npm ci` when node_modules is missing or is not what package-lock.json says. Works in the project's folder. */
export async function installPackages(log) {
  const stamp = createHash('sha256')
    .update(`${process.platform} ${process.arch}\n`)
    .update(readFileSync('package-lock.json'))
    .digest('hex')
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === stamp) return
  if (!fitsLock()) {
    log('Installing packages with npm ci')
    // --include=dev: the build needs them under NODE_ENV=production too. No package of ours needs its install script.
    await npm('ci', '--include=dev', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error')
  }
  writeFileSync(STAMP, stamp)
}

/** Whether what npm noted of its last work in node_modules (`npm install`, say) is what the lock asks for. */
function fitsLock() {
  if (!existsSync(INSTALLED)) return false
  const installed = JSON.parse(readFileSync(INSTALLED, 'utf8')).packages
  const wanted = JSON.parse(readFileSync('package-lock.json', 'utf8')).packages
  return Object.entries(wanted).every(([path, { version, integrity, optional }]) => {
    // Optional ones are those of other platforms; '' is the project itself.
    if (path === '' || optional === true) return true
    return installed[path]?.version === version && installed[path]?.integrity === integrity
  })
}

/**
 * npm ci works on after a SIGINT or SIGTERM, and would be in the way of the next one. A node_modules that is half
 * there does no harm: it is made anew then.
 */
const options = { killSignal: 'SIGKILL' }

/** Under `npm start` the npm that runs already says where it is; it need not be on PATH. */
function npm(...args) {
  const script = process.env.npm_execpath
  return script?.endsWith('npm-cli.js')
    ? runCommand(process.execPath, [script, ...args], options)
    : runCommand('npm', args, options)
}
