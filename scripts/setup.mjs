// Gets ready whatever the other commands need. It runs before any package is there, so it uses only Node itself.
//   node scripts/setup.mjs [--quiet] [--redis] [--chromium]
// --quiet prints nothing but errors, --redis also finds or fetches a Redis server, --chromium a browser.
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const OLDEST_NODE = [20, 19]

const [major, minor] = process.versions.node.split('.').map(Number)
if (major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1])) {
  const wanted = OLDEST_NODE.join('.')
  console.error(`Dateline needs Node ${wanted} or newer; this is ${process.version}. Get one from https://nodejs.org`)
  process.exit(1)
}

process.chdir(fileURLToPath(new URL('..', import.meta.url)))
const { values: options } = parseArgs({
  options: { quiet: { type: 'boolean' }, redis: { type: 'boolean' }, chromium: { type: 'boolean' } },
})
const log = options.quiet ? () => {} : line => console.log(`  ${line} ...`)

// By way of process.exit, so that what was being run ends too and the lock is free.
for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
]) {
  process.on(signal, () => process.exit(code))
}

// Imported only now: an older Node may not even be able to read them.
const { withLock } = await import('./lock.mjs')
const { installPackages } = await import('./install.mjs')
const { buildIfStale } = await import('./build.mjs')
const { findRedisServer } = await import('./redis.mjs')
const { installChromium } = await import('./chromium.mjs')

try {
  await withLock('.cache/setup.lock', setUp, () => log('Waiting for another set-up to finish'))
} catch (error) {
  console.error(error.name === 'StartError' ? error.message : error)
  process.exit(1)
}

async function setUp() {
  await installPackages(log)
  await buildIfStale(log)
  if (options.redis && !process.env.REDIS_URL) await findRedisServer({ install: true, log })
  if (options.chromium) await installChromium(log)
}
