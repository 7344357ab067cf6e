// Starts Dateline or one part of it.   node scripts/start.mjs everything|api|gateway|worker
// `everything` without REDIS_URL brings a private Redis along, which is stopped last.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { openPrivateRedis } from './private-redis.mjs'
import { findRunning } from './redis.mjs'

const dist = fileURLToPath(new URL('../dist', import.meta.url))
const MODULES = {
  everything: 'src/main/everything.js',
  api: 'src/main/api.js',
  gateway: 'src/main/gateway.js',
  worker: 'workers/main.js',
}
const SIGNALS = ['SIGINT', 'SIGTERM']

const part = process.argv[2]
if (!Object.hasOwn(MODULES, part ?? '')) {
  console.error(`Say what to start: node scripts/start.mjs ${Object.keys(MODULES).join('|')}`)
  process.exit(1)
}

if (!existsSync(join(dist, MODULES[part]))) {
  console.error('Dateline is not built yet. Run: node scripts/setup.mjs')
  process.exit(1)
}

const started = []
/** How long a Redis that is just being started is waited for, in order to stop it. */
const OPENING_MS = 4_000
let opening
const starting = new AbortController()
for (const signal of SIGNALS) process.on(signal, () => stopBeforeRunning(signal))
// A terminal that is closed: without this Node would end at once and leave the Redis behind.
process.on('SIGHUP', () => process.kill(process.pid, 'SIGTERM'))

try {
  const { readConfig } = await load('src/foundation/config.js')
  const config = readConfig(process.env) // a wrong environment is refused before anything is started
  await findRedis(join(config.auth.dataDir, 'redis'))
  const { run } = await load(MODULES[part])
  if (!starting.signal.aborted) await run(started)
} catch (error) {
  if (!starting.signal.aborted) {
    console.error(error?.name === 'StartError' ? error.message : error)
    await stopStarted()
    process.exit(1)
  }
}

async function findRedis(dir) {
  if (process.env.REDIS_URL) return
  if (part === 'everything') {
    opening = openPrivateRedis({ dir, log, signal: starting.signal })
    const redis = await opening
    started.push(redis)
    process.env.REDIS_URL = redis.url
  } else {
    // The other parts use it while it runs, and never stop it.
    const running = existsSync(dir) ? await findRunning({ dir }) : undefined
    if (running !== undefined) process.env.REDIS_URL = running.url
  }
}

/** Until run() listens for signals itself, and then everything is in its hands. */
async function stopBeforeRunning(signal) {
  if (process.listenerCount(signal) > 1 || starting.signal.aborted) return
  starting.abort()
  // It stops by itself when it finds the start aborted; its error is then of no interest.
  await Promise.race([opening?.catch(() => {}), sleep(OPENING_MS)])
  await stopStarted()
  process.exit(0)
}

async function stopStarted() {
  for (const { name, stop } of started.splice(0).reverse()) {
    await stop().catch(error => console.error(`${name} did not stop cleanly: ${error.message}`))
  }
}

async function load(file) {
  return await import(pathToFileURL(join(dist, file)).href)
}

function log(line) {
  console.error(`  ${line}`)
}
