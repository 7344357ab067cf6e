import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer as createHttpServer } from 'node:http'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { Redis } from 'ioredis'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Finding } from '../../src/main/cli/doctor/finding.ts'
import { measureRedis } from '../../src/main/cli/doctor/measure-redis.ts'
import { measureServer } from '../../src/main/cli/doctor/measure-server.ts'
import { commandsOf } from '../support/dateline-command.ts'
import { freePort } from '../support/dateline-process.ts'
import { type RedisServerOptions, startRedisServer } from '../support/redis-server.ts'
import { startServer } from '../support/server.ts'

const run = promisify(execFile)
const WAIT = { timeout: 30_000, interval: 200 }

let dir: string
/** What each test has started, ended in the reverse order. */
let endings: (() => Promise<unknown>)[]
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'doctor-'))
  endings = [() => rm(dir, { recursive: true })]
})
afterEach(async () => {
  for (const end of endings.toReversed()) await end()
})

async function aRedis(options: RedisServerOptions = {}) {
  const redis = await startRedisServer(options)
  endings.push(() => redis.stop())
  return redis
}

function aClient(url: string): Redis {
  const client = new Redis(url, { maxRetriesPerRequest: null })
  client.on('error', () => undefined)
  endings.push(async () => client.disconnect())
  return client
}

/** `dateline doctor --json` for a Redis, with nothing else running. */
async function examine(redisUrl: string, args: readonly string[] = [], env: Record<string, string> = {}) {
  const { run: dateline } = commandsOf({ url: 'http://127.0.0.1:9' }, dir)
  const settings = { REDIS_URL: redisUrl, DATA_DIR: dir, PORT: '0', ...env }
  const { exitCode, stdout } = await dateline(['doctor', '--json', '--url', 'http://127.0.0.1:9', ...args], {
    env: settings,
  })
  const { ok, findings } = JSON.parse(stdout) as { ok: boolean; findings: Finding[] }
  expect(exitCode).toBe(ok ? 0 : 1)
  return (check: string) => findings.find(finding => finding.check === check)
}

describe('dateline doctor', { timeout: 60_000 }, () => {
  it('[DOC1] says that a Redis evicts and keeps no append-only file', async () => {
    const extraArgs = ['--maxmemory-policy', 'allkeys-lru', '--maxmemory', '100mb', '--appendonly', 'no']
    const { url } = await aRedis({ extraArgs })
    const found = await examine(url)
    expect(found('redis-eviction')).toMatchObject({ result: 'fail', says: expect.stringContaining('allkeys-lru') })
    expect(found('redis-aof')).toMatchObject({ result: 'fail', remedy: expect.stringContaining('appendonly yes') })
    expect(found('redis-writes')).toMatchObject({ result: 'ok' })
    const remedy = found('redis-eviction') as { remedy: string }
    expect(remedy.remedy).toMatch(`redis-cli -s ${url} CONFIG SET maxmemory-policy noeviction`)
  })

  it('[DOC1] finds a Redis well after its remedies were followed', async () => {
    const { url } = await aRedis({ extraArgs: ['--maxmemory-policy', 'allkeys-lru', '--appendonly', 'no'] })
    const client = aClient(url)
    await client.config('SET', 'maxmemory-policy', 'noeviction')
    await client.config('SET', 'appendonly', 'yes')
    const found = await examine(url)
    for (const check of [
      'redis',
      'redis-version',
      'redis-eviction',
      'redis-aof',
      'redis-fsync',
      'redis-writes',
      'clock',
    ]) {
      expect(found(check)).toMatchObject({ result: 'ok' })
    }
    expect(found('redis-disk')).toMatchObject({ result: 'ok' })
  })

  it('[DOC1] says that a replica lost its primary', async () => {
    const primary = await aRedis({ port: await freePort() })
    const { port } = new URL(primary.url)
    const replica = await aRedis({ extraArgs: ['--replicaof', '127.0.0.1', port] })
    const client = aClient(replica.url)
    await vi.waitFor(async () => expect(await client.info('replication')).toContain('master_link_status:up'), WAIT)
    expect((await examine(primary.url))('redis-replicas')).toMatchObject({
      result: 'ok',
      says: expect.stringContaining('behind'),
    })
    await primary.kill9()
    await vi.waitFor(async () => expect(await client.info('replication')).toContain('master_link_status:down'), WAIT)
    const found = await examine(replica.url)
    expect(found('redis-replicas')).toMatchObject({
      result: 'fail',
      says: expect.stringMatching(new RegExp(`replica of 127\\.0\\.0\\.1:${port}.* link to it is down`)),
      remedy: expect.stringContaining('REPLICAOF NO ONE'),
    })
    expect(found('redis-writes')).toMatchObject({ result: 'fail', says: expect.stringContaining('READONLY') })
  })

  it('[DOC1] says that a replica does not keep up', async () => {
    const primary = await aRedis({ port: await freePort() })
    const { port } = new URL(primary.url)
    const replica = await aRedis({ extraArgs: ['--replicaof', '127.0.0.1', port] })
    const client = aClient(primary.url)
    const pid = Number(/process_id:(\d+)/.exec(await aClient(replica.url).info('server'))?.[1])
    await vi.waitFor(async () => expect(await client.info('replication')).toContain('state=online'), WAIT)
    process.kill(pid, 'SIGSTOP')
    endings.push(async () => process.kill(pid, 'SIGCONT'))
    await client.set('much', 'x'.repeat(100_000))
    await vi.waitFor(async () => expect(await client.info('replication')).toMatch(/lag=(?:[6-9]|\d\d)/), WAIT)
    expect((await examine(primary.url))('redis-replicas')).toMatchObject({
      result: 'warn',
      says: expect.stringMatching(/is 97\.\d KB behind, and was last heard of \d+ s ago/),
      remedy: expect.stringContaining('a failover to it now would lose'),
    })
  })

  it('[DOC1] says that less of the disk is free than there should be', async () => {
    const { url } = await aRedis()
    const found = await examine(url, ['--min-free', '900tb'])
    expect(found('redis-disk')).toMatchObject({
      result: 'fail',
      says: expect.stringMatching(/The disk of .* has .* free/),
    })
  })

  it.skipIf(process.getuid?.() !== 0)(
    '[DOC1] says that a disk is full and Redis refuses writes (a real full disk: needs root)',
    async context => {
      const disk = join(dir, 'small')
      const mounted = await run('sh', ['-c', `mkdir ${disk} && mount -t tmpfs -o size=8m dateline ${disk}`]).then(
        () => true,
        () => false,
      )
      if (!mounted) return context.skip('this system lets nobody mount')
      endings.push(() => run('umount', ['-l', disk]))
      const { url } = await aRedis({ dir: disk })
      const client = aClient(url)
      const writing = () => client.append('filling', 'x'.repeat(1_000_000)).then(String, error => error.message)
      await vi.waitFor(async () => expect(await writing()).toMatch(/^MISCONF/), { ...WAIT, interval: 20 })
      const found = await examine(url)
      expect(found('redis-disk')).toMatchObject({ result: 'fail', says: expect.stringContaining(disk) })
      expect(found('redis-writes')).toMatchObject({ result: 'fail', remedy: expect.stringContaining('Make room') })
    },
  )

  it('[DOC1] says that memory is full', async () => {
    const { url } = await aRedis({ extraArgs: ['--maxmemory', '3mb'] })
    const client = aClient(url)
    await client.set('much', 'x'.repeat(3_000_000)).catch(() => undefined)
    const found = await examine(url)
    expect(found('redis-memory')).toMatchObject({ result: 'fail', says: expect.stringMatching(/of 3 MB, 1\d\d %/) })
    expect(found('redis-writes')).toMatchObject({ result: 'fail', says: expect.stringContaining('OOM') })
  })

  // No old Redis can be had honestly: this one only tells an old version, and answers the rest as Redis would.
  it('[DOC1] says that a Redis is too old (a stand-in that only tells a version)', async () => {
    const old = createServer(socket => {
      socket.on('error', () => socket.destroy())
      socket.on('data', data => {
        for (const command of String(data)
          .toUpperCase()
          .match(/\$\d+\r\n(?:INFO|CONFIG|TIME|SET)\r\n/g) ?? []) {
          if (command.includes('INFO')) socket.write(bulk('# Server\r\nredis_version:5.0.14\r\nrole:master\r\n'))
          else if (command.includes('TIME'))
            socket.write(`*2\r\n${bulk(String(Math.floor(Date.now() / 1_000)))}${bulk('0')}`)
          else socket.write(command.includes('CONFIG') ? '*0\r\n' : '+OK\r\n')
        }
      })
    })
    const url = `redis://127.0.0.1:${await listening(old)}`
    expect((await examine(url))('redis-version')).toMatchObject({
      ...{
        result: 'fail',
        says: expect.stringContaining('Redis 5.0.14 is too old'),
        remedy: expect.stringContaining('7.0'),
      },
    })
  })

  it('[DOC1] tells apart a Redis that is away, one that asks for a password, and one that forbids CONFIG', async () => {
    const port = await freePort()
    expect((await examine(`redis://127.0.0.1:${port}`))('redis')).toMatchObject({
      ...{ result: 'fail', says: expect.stringContaining('ECONNREFUSED') },
    })
    const locked = await aRedis({ port })
    await aClient(locked.url).acl('SETUSER', 'default', 'resetpass', '>s@same', '-config', '-time')
    expect((await examine(locked.url))('redis')).toMatchObject({
      ...{ result: 'fail', says: expect.stringContaining('NOAUTH'), remedy: expect.stringContaining('password') },
    })
    const found = await examine(`redis://:s@same@127.0.0.1:${port}`)
    expect(found('redis')).toEqual({
      check: 'redis',
      result: 'ok',
      says: `Redis answers at redis://127.0.0.1:${port}.`,
    })
    expect(found('redis-fsync')).toMatchObject({
      result: 'warn',
      says: expect.stringContaining('CONFIG GET is forbidden'),
    })
    expect(found('redis-disk')).toMatchObject({ result: 'warn' })
    expect(found('clock')).toMatchObject({ result: 'warn', says: expect.stringContaining('TIME is forbidden') })
  })

  it('[DOC1] sees that the clocks differ', async () => {
    const { url } = await aRedis()
    const measured = await measureRedis(url, { writeProbe: 'probe', now: () => Date.now() - 5_000 })
    if (!measured.isReachable || measured.clock === undefined) throw new Error('its clock was not seen')
    expect(Math.abs(measured.clock.aheadMs - 5_000)).toBeLessThan(250)
  })

  it('[DOC2] says that a port is taken, DATA_DIR cannot be written, and a secret can be read', async () => {
    const { url } = await aRedis()
    const taken = await listening(createServer(socket => socket.destroy()))
    await writeFile(join(dir, 'a-file'), '')
    const found = await examine(url, [], {
      PORT: String(taken),
      DATA_DIR: join(dir, 'a-file'),
      JWT_SECRET: 'x'.repeat(40),
    })
    expect(found('port')).toMatchObject({ result: 'fail', says: expect.stringContaining(`port ${taken}`) })
    expect(found('data-dir')).toMatchObject({ result: 'fail', says: expect.stringContaining('ENOTDIR') })
    expect(found('secret')).toMatchObject({ result: 'fail', says: expect.stringContaining('can be guessed') })
    await writeFile(join(dir, 'jwt-secret'), 'a')
    await chmod(join(dir, 'jwt-secret'), 0o644)
    const open = await examine(url, [], { JWT_SECRET: '' })
    expect(open('secret')).toMatchObject({ result: 'fail', remedy: expect.stringContaining('chmod 600') })
  })

  it('[DOC3] finds a running Dateline well, its gateway too, and a silent address not', async () => {
    const server = await startServer()
    endings.push(() => server.stop())
    const { run: dateline } = commandsOf(server, dir)
    const well = await dateline(['doctor', '--url', server.url, '--min-free', '1kb'], { env: { DATA_DIR: dir } })
    expect(well.stdout).toContain(`Dateline answers at ${server.url}, and is ready`)
    expect(well.stdout).toContain(`A viewer can connect to the gateway at ${server.url}.`)
    expect(well.stdout).toMatch(/ok {4}Dateline listens on port \d+ \(PORT\)\./)
    expect(well).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/\n\d+ ok, \d to look at, 0 failed\n$/) })
    const away = await examine(process.env['REDIS_URL'] ?? '', ['--gateway', 'http://127.0.0.1:10'])
    expect(away('api')).toMatchObject({ result: 'fail', says: expect.stringContaining('No Dateline answers') })
    expect(away('gateway')).toMatchObject({ result: 'fail' })
  })
})

describe('a running api', () => {
  it('[DOC3] is asked, with a token, when the memory of Redis is full', async () => {
    let seen: string | undefined
    const api = createHttpServer((req, res) => {
      if (req.url === '/readyz') return res.end(JSON.stringify({ status: 'ready', durability: 'always', reasons: [] }))
      seen = `${req.url} ${req.headers.authorization}`
      return res.end(JSON.stringify({ store: { fullAt: '2026-11-25T10:00:00.000Z' } }))
    })
    const url = `http://127.0.0.1:${await listening(api)}`
    const facts = await measureServer({ url, isNamed: true }, { url, isNamed: false }, 'a-token')
    expect(facts).toMatchObject({ fullAt: new Date('2026-11-25T10:00:00.000Z'), api: { ready: { is: 'ready' } } })
    expect(facts.gateway?.refusal).toMatch(/websocket/)
    expect(seen).toBe('/v1/ops/overview?limit=1 Bearer a-token')
    expect((await measureServer({ url, isNamed: true }, { url, isNamed: false }, undefined)).fullAt).toBeUndefined()
  })
})

const bulk = (text: string) => `$${Buffer.byteLength(text)}\r\n${text}\r\n`

async function listening(server: Server): Promise<number> {
  await once(server.listen(0, '127.0.0.1'), 'listening')
  endings.push(async () => server.close())
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}
