import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { withLock } from './lock.mjs'
import { sendSignal } from './processes.mjs'
import { findRedisServer, findRunning, startRedis } from './redis.mjs'
import { ask, openRedis } from './resp.mjs'

/**
 * A connection of this name says that a process looks after the private Redis and will stop it. The system closes it
 * when that process dies in whatever way, so a Redis without one is a left-over, free to be taken over.
 */
const OWNER = 'dateline-owner'
const RESTART_PAUSE_MS = 1_000

/**
 * The private Redis of the folder `dir`: the one that runs there already, or a new one. `stop` ends it, unless another
 * process looks after it. While it is ours, it is started again should it end by itself. `signal` ends the start.
 */
export async function openPrivateRedis({ dir, log, signal }) {
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  const work = async () => {
    const server = await findRedisServer({ install: true, log, signal })
    const found = await findRunning({ dir })
    if (found !== undefined && (await isOwned(found))) {
      log(`Using the private Redis of another Dateline that runs on ${dir}`)
      return { name: 'private Redis', url: found.url, stop: async () => {} }
    }
    if (found !== undefined) log('Using the private Redis that an earlier run left behind')
    const redis = found ?? (await startRedis({ server, dir, signal }))
    const ours = lookAfter(redis, await own(redis), { dir, server, log })
    if (signal.aborted) await ours.stop()
    return ours
  }
  return await withLock(join(resolve(dir), 'start.lock'), work, () => log(`Waiting for another start on ${dir}`))
}

async function isOwned(redis) {
  return (await ask(redis.address, 'CLIENT', 'LIST')).includes(` name=${OWNER} `)
}

/** The connection that says so. */
async function own(redis) {
  try {
    const connection = await openRedis(redis.address)
    await connection.send('CLIENT', 'SETNAME', OWNER)
    return connection
  } catch (error) {
    await redis.stop()
    throw error
  }
}

function lookAfter(first, connection, { dir, server, log }) {
  const stopping = new AbortController()
  let redis = first
  const watching = keepRunning(connection)
  // However this process ends, short of a kill -9: a SIGTERM is a clean shutdown for Redis, too.
  const stopAtExit = () => sendSignal(redis.pid, 'SIGTERM')
  process.once('exit', stopAtExit)

  async function keepRunning(owned) {
    await owned.closed
    while (!stopping.signal.aborted) {
      log('The private Redis has ended by itself; starting it again')
      try {
        redis = (await findRunning({ dir })) ?? (await startRedis({ server, dir, signal: stopping.signal }))
        return keepRunning(await own(redis))
      } catch (error) {
        if (stopping.signal.aborted) return
        log(error.message)
        await pause(stopping.signal)
      }
    }
  }

  return {
    name: 'private Redis',
    url: redis.url,
    async stop() {
      stopping.abort()
      await redis.stop()
      process.off('exit', stopAtExit)
      await watching
    },
  }
}

/** Ends early, and without an error, when the signal is aborted. */
async function pause(signal) {
  await sleep(RESTART_PAUSE_MS, undefined, { signal }).catch(() => {})
}
