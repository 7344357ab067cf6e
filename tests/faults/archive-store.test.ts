import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { anArchive, linked, packed, sealed } from '../support/build-archive.ts'
import { runCommand, startCommand } from '../support/dateline-cli.ts'
import { type DatelineProcess, startDateline } from '../support/dateline-process.ts'
import { type RedisServer, startRedisServer } from '../support/redis-server.ts'

const UPDATES = 4_000
const META = 'dl:{large}:meta'

let server: RedisServer
let redis: Redis
let worker: DatelineProcess
let dir: string
let env: Record<string, string>
beforeAll(async () => {
  server = await startRedisServer()
  redis = new Redis(server.url)
  dir = await mkdtemp(join(tmpdir(), 'dateline-archive-store-'))
  env = { REDIS_URL: server.url, KEY_PREFIX: 'dl', ARCHIVE_DIR: join(dir, 'archive'), INIT_CWD: dir }
  await writeFile(join(dir, 'large.gz'), endedArchive())
  await runCommand(['import', 'large.gz'], env)
  worker = await startDateline({ part: 'worker', env: { ...env, LOG_LEVEL: 'info' }, readyLog: /is ready/ })
}, 60_000)
afterAll(async () => {
  await worker.stop()
  redis.disconnect()
  await server.stop()
  await rm(dir, { recursive: true, force: true })
})

/** Of an event that is ended, as its only entry about itself says. */
function endedArchive(): Buffer {
  const { eventId, entries, parts } = anArchive(UPDATES, 'large')
  const ended = (line: string) => line.replace(/(\\?"status\\?":\\?")live/, '$1ended')
  return packed(sealed({ eventId, entries: linked(entries.map(ended)), parts: parts.map(ended) }))
}

const archived = () => readdir(join(dir, 'archive')).catch(() => [])
const isWholeFile = (name: string) => name.startsWith('large.')
const stateOf = async () => ({ stored: await redis.hget(META, 'stored'), lines: await redis.xlen('dl:{large}:feed') })
const until = (what: () => Promise<boolean>) =>
  vi.waitFor(async () => expect(await what()).toBe(true), { timeout: 20_000, interval: 2 })

/** Kills a command as soon as something is so. */
async function killWhen(args: readonly string[], isSo: () => Promise<boolean>): Promise<void> {
  const { child, ended } = startCommand(args, env)
  await until(isSo)
  child.kill('SIGKILL')
  await ended
}

describe('moving an event to the archive store, killed', () => {
  it('[ARCHIVE20] at any moment loses nothing, and can be done again', async () => {
    const moments: [string, () => Promise<boolean>][] = [
      ['when it has only said so', async () => (await redis.hget(META, 'status')) === 'archived'],
      ['while it reads', async () => (await redis.keys('dl:{large}:aside:*')).length > 0],
      ['while it writes', async () => (await archived()).some(name => name.startsWith('.part-'))],
      ['while it checks', async () => (await archived()).some(isWholeFile)],
    ]
    for (const [moment, isSo] of moments) {
      await redis.del(...(await redis.keys('dl:{large}:aside:*')), 'none')
      await rm(join(dir, 'archive'), { recursive: true, force: true })
      await killWhen(['archive', 'large'], isSo)
      // The worker commits what was only accepted.
      await until(async () => (await stateOf()).lines === UPDATES + 2)
      expect(await stateOf(), moment).toEqual({ stored: null, lines: UPDATES + 2 })
      expect(await redis.hlen('dl:{large}:updates'), moment).toBe(UPDATES)
    }
    await redis.del(...(await redis.keys('dl:{large}:aside:*')), 'none')
    expect(await runCommand(['archive', 'large'], env)).toMatch(/^large: 4002 entries were moved to the archive store/)
    expect((await redis.keys('dl:{large}:*')).filter(key => !/:(audit|arrivals|idem)\b/.test(key)).toSorted()).toEqual([
      'dl:{large}:event',
      META,
    ])
    expect((await archived()).filter(isWholeFile)).toHaveLength(1)
    expect(await runCommand(['verify', 'large'], env)).toBe(`large: complete: 1..${UPDATES + 2}, all well\n`)
  }, 180_000)

  it('[ARCHIVE20] coming back shows nothing half way, and can be done again', async () => {
    const isHalf = async () => (await redis.xlen((await redis.keys('dl:{large}:aside:*:feed'))[0] ?? 'none')) > 1_000
    await killWhen(['restore-event', 'large'], isHalf)
    expect(await stateOf()).toEqual({ stored: expect.stringMatching(/^large\./), lines: 0 })
    expect(await runCommand(['verify', 'large'], env)).toBe(`large: complete: 1..${UPDATES + 2}, all well\n`)
    expect(await runCommand(['restore-event', 'large'], env)).toMatch(/^large: 4002 entries are back/)
    expect(await stateOf()).toEqual({ stored: null, lines: UPDATES + 3 })
    expect(await runCommand(['verify', 'large'], env)).toBe(`large: complete: 1..${UPDATES + 3}, all well\n`)
  }, 90_000)
})
