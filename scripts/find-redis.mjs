import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { StartError } from './errors.mjs'
import { onPath, runCommand } from './run-command.mjs'

const OLDEST = 7

/** Debian's packages are unpacked here; nothing outside this folder is changed. */
const cache = join(projectRoot(), '.cache', 'redis')

/**
 * Finds a Redis server of version 7.0 or newer: on PATH, then the copy under .cache/redis.
 * With `install` it goes on to obtain one: first without any rights from the distribution's packages, then with the
 * system's package manager. `log` is told what is being done; aborting `signal` keeps it from trying the next way.
 * Throws a StartError that says what to do.
 */
export async function findRedisServer({ install = false, log = () => {}, signal } = {}) {
  const reasons = []
  const found = (await onThisMachine(reasons)) ?? (install ? await obtain(log, reasons, signal) : undefined)
  if (found !== undefined) return found
  throw new StartError(whatToDo(reasons))
}

async function onThisMachine(reasons) {
  for (const path of [onPath('redis-server'), onPath('valkey-server')]) {
    if (path !== undefined && (await isNewEnough(path, process.env, reasons))) return { path, env: {} }
  }
  return await cached(reasons)
}

async function cached(reasons) {
  const path = join(cache, 'usr', 'bin', 'redis-server')
  if (!existsSync(path)) return undefined
  const libraries = libraryFolders(cache)
  const env = { LD_LIBRARY_PATH: [...libraries, process.env.LD_LIBRARY_PATH ?? ''].filter(Boolean).join(delimiter) }
  // A copy whose libraries no longer fit this system does not even tell its version.
  return (await isNewEnough(path, { ...process.env, ...env }, reasons)) ? { path, env } : undefined
}

async function isNewEnough(path, env, reasons) {
  const text = await runCommand(path, ['--version'], { env }).catch(error => String(error.message))
  const version = /\bv=(\d+)\.(\d+)/.exec(text)
  if (version !== null && Number(version[1]) >= OLDEST) return true
  reasons.push(version === null ? `${path} does not run` : `${path} is version ${version[1]}.${version[2]}`)
  return false
}

async function obtain(log, reasons, signal) {
  for (const way of [rootlessApt, systemPackages]) {
    try {
      const found = await way(log, reasons)
      if (found !== undefined) return found
    } catch (error) {
      signal?.throwIfAborted() // Ctrl-C has ended apt-get as well: that is no reason to try the next way
      reasons.push(error.message)
    }
  }
  return undefined
}

/** Debian and Ubuntu: apt-get with folders of its own downloads the packages, and dpkg-deb unpacks them. */
async function rootlessApt(log, reasons) {
  if (onPath('apt-get') === undefined || onPath('dpkg-deb') === undefined) return undefined
  const work = `${cache}.${process.pid}`
  try {
    log('Fetching Redis from the distribution (unpacked under .cache, nothing is installed)')
    for (const folder of ['lists/partial', 'archives/partial', 'root'])
      mkdirSync(join(work, folder), { recursive: true })
    const config = join(work, 'apt.conf')
    writeFileSync(config, aptConfig(work))
    await runCommand('apt-get', ['-c', config, 'update'])
    // apt knows which of the libraries this system lacks. --reinstall fetches it even where it is installed but hidden.
    const packages = ['redis-server', 'redis-tools']
    await runCommand('apt-get', [
      ...['-c', config, 'install', '--download-only', '--reinstall', '--no-install-recommends', '-y'],
      ...packages,
    ])
    for (const file of readdirSync(join(work, 'archives')).filter(name => name.endsWith('.deb'))) {
      await runCommand('dpkg-deb', ['-x', join(work, 'archives', file), join(work, 'root')])
    }
    rmSync(cache, { recursive: true, force: true })
    renameSync(join(work, 'root'), cache)
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
  return await cached(reasons)
}

function aptConfig(work) {
  return `
#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
#clear Acquire::IndexTargets::deb::DEP-11;
Dir::State::lists "${join(work, 'lists')}";
Dir::Cache "${work}";
Dir::Cache::archives "${join(work, 'archives')}";
APT::Sandbox::User "root";
Acquire::Languages "none";
Acquire::Retries "2";
Debug::NoLocking "true";
`
}

/** Every folder under `root` that holds shared libraries. */
function libraryFolders(root) {
  return ['lib', 'usr/lib'].flatMap(lib => {
    const folder = join(root, lib)
    if (!existsSync(folder)) return []
    return readdirSync(folder, { withFileTypes: true })
      .filter(entry => entry.isDirectory() && entry.name.endsWith('-linux-gnu'))
      .map(entry => join(folder, entry.name))
  })
}

const MANAGERS = [
  { program: 'apt-get', needsRoot: true, commands: [['update'], ['install', '-y', 'redis-server']] },
  { program: 'dnf', needsRoot: true, commands: [['install', '-y', 'redis']] },
  { program: 'apk', needsRoot: true, commands: [['add', '--no-cache', 'redis']] },
  { program: 'brew', needsRoot: false, commands: [['install', 'redis']] },
]

async function systemPackages(log, reasons) {
  const isRoot = process.getuid?.() === 0
  const manager = MANAGERS.find(({ program, needsRoot }) => (isRoot || !needsRoot) && onPath(program) !== undefined)
  if (manager === undefined) return undefined
  log(`Installing Redis with ${manager.program}`)
  for (const args of manager.commands) await runCommand(manager.program, args)
  return await onThisMachine(reasons)
}

function whatToDo(reasons) {
  const tried = reasons.length === 0 ? '' : `\nTried: ${[...new Set(reasons)].join('\n       ')}`
  return (
    'A Redis server of version 7.0 or newer is needed and none was found. Install one (Debian, Ubuntu: ' +
    'apt-get install redis-server; Fedora: dnf install redis; Alpine: apk add redis; macOS: brew install redis), ' +
    `or name a running one in REDIS_URL.${tried}`
  )
}

/** Also right in dist/scripts, where the build puts a copy for the benchmarks. */
function projectRoot() {
  let folder = dirname(fileURLToPath(import.meta.url))
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder)
  return folder
}
