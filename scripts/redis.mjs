import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { StartError } from './errors.mjs'
import { isAlive, sendSignal } from './processes.mjs'
import { ask, RedisRefusal } from './resp.mjs'
import { lastLines } from './run-command.mjs'
import { clearAway, makeWay, socketPath } from './socket-path.mjs'

export { findRedisServer } from './find-redis.mjs'

/** A Redis that does not listen after this time is given up; reading back its data may take as long as it takes. */
const LISTEN_MS = 15_000
/** Together under the 5 s that a part is given to stop. */
const SHUTDOWN_MS = 2_500
const SIGNAL_MS = 1_000
/** A Redis that is just shutting down, or was killed, is waited for this long. */
const GONE_MS = 5_000
const LOG_MAX_BYTES = 1_000_000

/**
 * Starts a Redis of its own for the folder `dir`: on a unix socket (or on the loopback `port`), with an append-only
 * file and without eviction, in its own process group, so that Ctrl-C in a terminal does not reach it.
 * Resolves when it answers and has read back its data. Rejects with its last log lines when it ends before that.
 * `signal` ends the start, and the Redis with it.
 */
export async function startRedis({ server, dir, port, unixSocket, appendfsync = 'everysec', extraArgs = [], signal }) {
  const folder = resolve(dir)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const address = port === undefined ? { path: unixSocket ?? socketPath(folder) } : { host: '127.0.0.1', port }
  await refuseIfHeld(folder)
  if (address.path !== undefined) makeWay(address.path)

  const log = openLog(folder)
  const child = spawn(server.path, [...redisArgs(folder, address, appendfsync), ...extraArgs], {
    detached: true,
    env: { ...process.env, ...server.env },
    stdio: ['ignore', log.fd, log.fd],
  })
  closeSync(log.fd)
  child.unref()
  await once(child, 'spawn')
  const kill = () => child.kill('SIGKILL')
  signal?.addEventListener('abort', kill)
  try {
    await untilReady(address, child, log)
    signal?.throwIfAborted()
  } catch (error) {
    kill()
    throw error
  } finally {
    signal?.removeEventListener('abort', kill)
  }
  note(folder, { pid: child.pid, ...address })
  return handle(address, child.pid)
}

/**
 * The Redis that still runs for the folder `dir`, left over by a process that was killed, or undefined.
 * Throws a StartError when one holds the folder but does not answer.
 */
export async function findRunning({ dir }) {
  const folder = resolve(dir)
  const address = { path: noted(folder)?.path ?? socketPath(folder) }
  const info = await infoOf(address).catch(error => {
    if (error instanceof RedisRefusal) throw error
    return undefined // nobody listens
  })
  if (info === undefined) {
    await refuseIfHeld(folder)
    return undefined
  }
  return handle(address, Number(/process_id:(\d+)/.exec(info)?.[1]))
}

/** Answered while the data is still being read back, too: so wait for the end of that. */
async function infoOf(address) {
  for (;;) {
    const info = await ask(address, 'INFO')
    if (!info.includes('loading:1')) return info
    await sleep(100)
  }
}

function handle(address, pid) {
  return {
    url: address.path ?? `redis://${address.host}:${address.port}`,
    pid,
    address,
    stop: async () => {
      await stopRedis(address, pid)
      if (address.path !== undefined) clearAway(address.path)
    },
    kill: async () => {
      sendSignal(pid, 'SIGKILL')
      if (!(await gone(pid, GONE_MS))) throw new Error(`Redis (process ${pid}) does not end`)
    },
  }
}

/** SHUTDOWN writes out the append-only file first; the signals are for a Redis that does not hear it. */
async function stopRedis(address, pid) {
  // Not awaited: its answer to a SHUTDOWN that works is the end of the connection, and what counts is that it is gone.
  ask(address, 'SHUTDOWN').catch(() => {})
  if (await gone(pid, SHUTDOWN_MS)) return
  sendSignal(pid, 'SIGTERM')
  if (await gone(pid, SIGNAL_MS)) return
  sendSignal(pid, 'SIGKILL')
  if (!(await gone(pid, SIGNAL_MS))) throw new Error(`Redis (process ${pid}) does not end`)
}

async function gone(pid, withinMs) {
  const deadline = Date.now() + withinMs
  while (isAlive(pid)) {
    if (Date.now() > deadline) return false
    await sleep(20)
  }
  return true
}

function redisArgs(folder, address, appendfsync) {
  const listen =
    address.path === undefined
      ? ['--port', String(address.port), '--bind', address.host]
      : ['--port', '0', '--unixsocket', address.path, '--unixsocketperm', '700']
  return [
    ...listen,
    ...['--dir', folder, '--appendonly', 'yes', '--appendfsync', appendfsync, '--save', ''],
    ...['--maxmemory-policy', 'noeviction', '--daemonize', 'no', '--logfile', ''],
  ]
}

async function untilReady(address, child, log) {
  const deadline = Date.now() + LISTEN_MS
  for (;;) {
    if (child.exitCode !== null || child.signalCode !== null) {
      throw new StartError(`Redis ended while it was starting. Its last words, in ${log.path}:\n${log.lastWords()}`)
    }
    const answer = await ask(address, 'PING').catch(error => error)
    if (answer === 'PONG') return
    if (answer instanceof RedisRefusal && answer.message.startsWith('LOADING')) await sleep(100)
    else if (Date.now() > deadline) {
      throw new StartError(
        `Redis does not answer (${answer.message}). Its last words, in ${log.path}:\n${log.lastWords()}`,
      )
    } else await sleep(20)
  }
}

/** Two servers on one append-only file would ruin it: so never start beside one that lives and does not answer. */
async function refuseIfHeld(folder) {
  const pid = noted(folder)?.pid
  if (pid === undefined || !isRedis(pid) || (await gone(pid, GONE_MS))) return
  throw new StartError(`A Redis that does not answer holds ${folder}. End it first: kill ${pid}`)
}

/** Without /proc (macOS) the id alone must do: better to refuse than to ruin the data. */
function isRedis(pid) {
  if (!existsSync('/proc/self')) return isAlive(pid)
  const commandLine = `/proc/${pid}/cmdline`
  return existsSync(commandLine) && /redis|valkey/.test(readFileSync(commandLine, 'utf8'))
}

/** Which process serves the folder, and where: the socket of a long path depends on TMPDIR. */
function note(folder, server) {
  const file = join(folder, 'redis.json')
  writeFileSync(`${file}.new`, JSON.stringify(server))
  renameSync(`${file}.new`, file)
}

function noted(folder) {
  const file = join(folder, 'redis.json')
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined
}

function openLog(folder) {
  const path = join(folder, 'redis.log')
  const before = statSync(path, { throwIfNoEntry: false })?.size ?? 0
  const from = before > LOG_MAX_BYTES ? 0 : before
  if (from !== before) renameSync(path, `${path}.old`)
  return {
    path,
    fd: openSync(path, 'a'),
    /** What was written since this start. */
    lastWords: () => lastLines(readFileSync(path).subarray(from).toString('utf8'), 12),
  }
}
