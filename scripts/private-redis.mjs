import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { withLock } from './lock.mjs'
import { sendSignal } from './processes.mjs'
import { findRedisServer, findRunning, startRedis } from './redis.mjs'
import { openRedis } from './resp.mjs'

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
  return await withLock(join(resolve(dir), 'start.lock'), async () => {
    const server = await findRedisServer({ install: true, log, signal })
    const found = await findRunning({ dir })
    const redis = found ?? (await startRedis({ server, dir, signal }))
    const connection = await openRedis(redis.address)
    if (found !== undefined && (await isOwned(connection))) {
      connection.close()
      log(`Using the private Redis of another Dateline that runs on ${dir}`)
      return { name: 'private Redis', url: redis.url, stop: async () => {} }
    }
    if (found !== undefined) log('Using the private Redis that an earlier run left behind')
    const ours = await lookAfter(redis, connection, { dir, server, log })
    if (signal.aborted) await ours.stop()
    return ours
  })
}

async function isOwned(connection) {
  return (await connection.send('CLIENT', 'LIST')).includes(` name=${OWNER} `)
}

async function lookAfter(first, firstConnection, { dir, server, log }) {
  const stopping = new AbortController()
  let redis = first
  await firstConnection.send('CLIENT', 'SETNAME', OWNER)
  const watching = keepRunning(firstConnection)
  // However this process ends, short of a kill -9: a SIGTERM is a clean shutdown for Redis, too.
  const stopAtExit = () => sendSignal(redis.pid, 'SIGTERM')
  process.once('exit', stopAtExit)

  async function keepRunning(connection) {
    await connection.closed
    while (!stopping.signal.aborted) {
      log('The private Redis has ended by itself; starting it again')
      try {
        redis = await startRedis({ server, dir, signal: stopping.signal })
        const next = await openRedis(redis.address)
        await next.send('CLIENT', 'SETNAME', OWNER)
        return keepRunning(next)
      } catch (error) {
        if (!stopping.signal.aborted) log(error.message)
        await sleep(RESTART_PAUSE_MS, undefined, { ref: false })
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
