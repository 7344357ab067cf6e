import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { anArchiveFile } from '../support/build-archive.ts'
import { type RedisServer, startRedisServer } from '../support/redis-server.ts'

const COMMAND = fileURLToPath(new URL('../../dist/src/main/dateline.js', import.meta.url))
/** Has a process say at its end how much memory it had at most. (What the system counts begins with its parent's.) */
const TELL_MEMORY = `data:text/javascript,${[
  'let most = 0',
  'const look = () => { most = Math.max(most, process.memoryUsage.rss()) }',
  'setInterval(look, 10).unref()',
  'process.on("exit", () => { look(); process.stderr.write("max-rss=" + most + "\\n") })',
].join(';')}`

const UPDATES = Number(process.env['ARCHIVE_ENTRIES'] ?? 5_000)
const MAX_GROWTH_MB = 100
const END_MS = 30_000 + UPDATES * 2

let server: RedisServer
let redis: Redis
let dir: string
beforeAll(async () => {
  server = await startRedisServer()
  redis = new Redis(server.url)
  dir = await mkdtemp(join(tmpdir(), 'dateline-archive-'))
})
afterAll(async () => {
  redis.disconnect()
  await server.stop()
  await rm(dir, { recursive: true, force: true })
})

function start(...args: string[]) {
  const env = { ...process.env, REDIS_URL: server.url, KEY_PREFIX: 'dl', INIT_CWD: dir }
  const child = spawn(process.execPath, ['--import', TELL_MEMORY, COMMAND, ...args], { env })
  const written = { stdout: '', stderr: '' }
  child.stdout.on('data', chunk => {
    written.stdout += String(chunk)
  })
  child.stderr.on('data', chunk => {
    written.stderr += String(chunk)
  })
  child.stdin.on('error', () => undefined) // it is killed while it reads
  return { child, written, ended: once(child, 'close') }
}

/** Runs a command to its end: what it printed, and the most memory that it had, in MB. */
async function run(...args: string[]) {
  const { child, written, ended } = start(...args)
  await ended
  expect(child.exitCode, written.stderr).toBe(0)
  return { ...written, mb: Number(/max-rss=(\d+)/.exec(written.stderr)?.[1]) / 1_024 ** 2 }
}

/** An import that has read half of its file and waits for the rest. */
async function startHalf(file: Buffer): Promise<{ child: ChildProcess; ended: Promise<unknown> }> {
  const { child, ended } = start('import', '-')
  child.stdin.write(file.subarray(0, file.length / 2))
  await vi.waitFor(async () => expect(await redis.keys('*:aside:*:feed')).toHaveLength(1), 15_000)
  return { child, ended }
}

describe('an import that is ended half way', () => {
  const file = anArchiveFile(2_000, 'half')

  it('[ARCHIVE9] by kill -9 shows nothing, leaves only what expires, and can be made again', async () => {
    const { child, ended } = await startHalf(file)
    child.kill('SIGKILL')
    await ended
    const left = (await redis.keys('*')).filter(key => !key.startsWith('{dl-queue}:'))
    expect(left.filter(key => !key.startsWith('dl:{half}:aside:'))).toEqual([])
    for (const key of left) {
      expect(await redis.pttl(key), key).toBeGreaterThan(0)
      expect(await redis.pttl(key), key).toBeLessThanOrEqual(60_000)
    }
    await writeFile(join(dir, 'half.ndjson.gz'), file)
    expect((await run('import', 'half.ndjson.gz')).stdout).toBe('half: 2001 entries were taken in\n')
    await run('export', 'half', 'again.ndjson.gz')
    expect((await readFile(join(dir, 'again.ndjson.gz'))).equals(file)).toBe(true)
    const asLeft = (await redis.keys('*:aside:*')).filter(key => !left.includes(key))
    expect(asLeft).toEqual([])
  }, 60_000)

  it('[ARCHIVE9] by Ctrl-C clears away what it has begun', async () => {
    const before = await redis.keys('*')
    const { child, ended } = await startOther()
    child.kill('SIGINT')
    await ended
    expect(child.exitCode).toBe(1)
    expect((await redis.keys('*')).filter(key => !before.includes(key))).toEqual([])
  }, 60_000)

  async function startOther() {
    const old = await redis.keys('*:aside:*')
    if (old.length > 0) await redis.del(...old)
    return startHalf(anArchiveFile(2_000, 'other'))
  }
})

describe('the memory of an archive', () => {
  it(
    `[ARCHIVE10] of ${UPDATES} updates grows by less than ${MAX_GROWTH_MB} MB`,
    async () => {
      await writeFile(join(dir, 'small.ndjson.gz'), anArchiveFile(10, 'small'))
      await writeFile(join(dir, 'large.ndjson.gz'), anArchiveFile(UPDATES, 'large'))
      const least = Math.min((await run('import', 'small.ndjson.gz')).mb, (await run('export', 'small')).mb)
      for (const args of [
        ['import', 'large.ndjson.gz'],
        ['export', 'large'],
        ['verify', 'large.ndjson.gz'],
        ['verify', 'large'],
      ]) {
        const began = performance.now()
        const { mb } = await run(...args)
        console.log(`${args.join(' ')}: ${Math.round(performance.now() - began)} ms, ${Math.round(mb - least)} MB more`)
        expect(mb - least).toBeLessThan(MAX_GROWTH_MB)
      }
    },
    END_MS * 5,
  )
})
