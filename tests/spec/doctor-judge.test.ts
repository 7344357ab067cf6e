import { describe, expect, it } from 'vitest'
import { bytesText } from '../../src/main/cli/doctor/finding.ts'
import { judgeMachine } from '../../src/main/cli/doctor/judge-machine.ts'
import { judgeRedis, type RedisLimits } from '../../src/main/cli/doctor/judge-redis.ts'
import { judgeServer } from '../../src/main/cli/doctor/judge-server.ts'
import type { MachineFacts } from '../../src/main/cli/doctor/measure-machine.ts'
import type { MeasuredRedis, RedisFacts } from '../../src/main/cli/doctor/measure-redis.ts'
import type { ServerFacts } from '../../src/main/cli/doctor/measure-server.ts'
import { reportText } from '../../src/main/cli/doctor/report-text.ts'

const GB = 1_024 ** 3
const NOW = new Date('2026-11-24T10:00:00.000Z')

const WELL = {
  redis_version: '7.2.4',
  maxmemory_policy: 'noeviction',
  aof_enabled: '1',
  aof_last_write_status: 'ok',
  aof_last_bgrewrite_status: 'ok',
  aof_current_size: String(GB),
  role: 'master',
  connected_slaves: '0',
  used_memory: String(GB),
  maxmemory: String(4 * GB),
}

interface Change {
  readonly info?: Record<string, string>
  readonly settings?: Record<string, string> | 'forbidden'
  readonly facts?: Partial<RedisFacts>
  readonly limits?: Partial<RedisLimits>
}

function judged({ info = {}, settings = {}, facts = {}, limits = {} }: Change) {
  const given = {
    appendfsync: 'always',
    'auto-aof-rewrite-percentage': '100',
    ...(settings === 'forbidden' ? {} : settings),
  }
  const redis: MeasuredRedis = {
    ...{ isReachable: true, at: 'redis://db:6379', cli: 'redis-cli -u redis://db:6379', refusesWrites: undefined },
    info: new Map(Object.entries({ ...WELL, ...info })),
    settings: settings === 'forbidden' ? undefined : new Map(Object.entries(given)),
    clock: { aheadMs: 3, roundTripMs: 2 },
    disk: { isSeen: true, dir: '/data', freeBytes: 20 * GB },
    ...facts,
  }
  const usual = { headWaitMs: 2_000, isProduction: true, minFreeBytes: GB, fullAt: undefined, now: NOW }
  return judgeRedis(redis, { ...usual, ...limits })
}

const inDays = (days: number) => new Date(NOW.getTime() + days * 86_400_000)
const replica = (fields: string) => ({ connected_slaves: '1', slave0: fields, master_repl_offset: '30000000' })

describe('what the doctor thinks of a Redis', () => {
  it('[DOC1] finds nothing to do where all is well', () => {
    expect(judged({}).filter(({ result }) => result !== 'ok')).toEqual([])
    expect(judged({ facts: { disk: { isSeen: true, dir: '/d', freeBytes: 3 * GB } } })).toHaveLength(11)
  })

  it.each<[string, Change, string, 'ok' | 'warn' | 'fail', RegExp, RegExp | undefined]>([
    [
      'Redis 6.2',
      { info: { redis_version: '6.2.14' } },
      'redis-version',
      'fail',
      /6\.2\.14 is too old/,
      /7\.0 or newer/,
    ],
    ['Redis 7.0', { info: { redis_version: '7.0.15' } }, 'redis-version', 'ok', /no WAITAOF/, undefined],
    ['Redis 8.0', { info: { redis_version: '8.0.1' } }, 'redis-version', 'ok', /^Redis 8\.0\.1\.$/, undefined],
    ['an unknown version', { info: { redis_version: 'next' } }, 'redis-version', 'fail', /too old/, /Upgrade/],
    [
      'eviction',
      { info: { maxmemory_policy: 'allkeys-lru' } },
      'redis-eviction',
      'fail',
      /allkeys-lru/,
      /CONFIG SET maxmemory-policy noeviction/,
    ],
    [
      'no append-only file',
      { info: { aof_enabled: '0' } },
      'redis-aof',
      'fail',
      /a crash loses all/,
      /CONFIG SET appendonly yes/,
    ],
    ['everysec', { settings: { appendfsync: 'everysec' } }, 'redis-fsync', 'ok', /the last second/, undefined],
    ['no fsync', { settings: { appendfsync: 'no' } }, 'redis-fsync', 'fail', /half a minute/, /appendfsync everysec/],
    ['no CONFIG', { settings: 'forbidden' }, 'redis-fsync', 'warn', /CONFIG GET is forbidden/, /ACL SETUSER/],
    [
      'no rewrites',
      { settings: { 'auto-aof-rewrite-percentage': '0' } },
      'redis-rewrite',
      'warn',
      /grows without end/,
      /percentage 100/,
    ],
    [
      'a rewrite that failed',
      { info: { aof_last_bgrewrite_status: 'err' } },
      'redis-rewrite',
      'warn',
      /could not rewrite/,
      /overcommit/,
    ],
    [
      'a disk that is full',
      { facts: { refusesWrites: 'MISCONF Errors writing to the AOF file' } },
      'redis-writes',
      'fail',
      /MISCONF/,
      /Make room/,
    ],
    [
      'a write that failed',
      { info: { aof_last_write_status: 'err' } },
      'redis-writes',
      'fail',
      /could not write/,
      /Make room/,
    ],
    [
      'memory that is full',
      { facts: { refusesWrites: "OOM command not allowed when used memory > 'maxmemory'." } },
      'redis-writes',
      'fail',
      /OOM/,
      /Raise maxmemory/,
    ],
    [
      'too few replicas',
      { facts: { refusesWrites: 'NOREPLICAS Not enough good replicas to write.' } },
      'redis-writes',
      'fail',
      /NOREPLICAS/,
      /min-replicas-to-write/,
    ],
    [
      'a user without rights',
      { facts: { refusesWrites: 'NOPERM this user has no permissions' } },
      'redis-writes',
      'fail',
      /NOPERM/,
      /ACL SETUSER/,
    ],
    [
      'something unheard of',
      { facts: { refusesWrites: 'ERR what' } },
      'redis-writes',
      'fail',
      /ERR what/,
      /See its log/,
    ],
    [
      'a replica',
      {
        info: {
          role: 'slave',
          master_host: 'db1',
          master_port: '6379',
          master_link_status: 'up',
          master_last_io_seconds_ago: '1',
        },
      },
      'redis-replicas',
      'fail',
      /is a replica of db1:6379.*heard of it 1 s ago/,
      /Point REDIS_URL at the primary, db1:6379/,
    ],
    [
      'a replica that lost its primary',
      {
        info: {
          role: 'slave',
          master_host: 'db1',
          master_port: '6379',
          master_link_status: 'down',
          master_link_down_since_seconds: '40',
        },
      },
      'redis-replicas',
      'fail',
      /link to it is down, since 40 s/,
      /REPLICAOF NO ONE/,
    ],
    [
      'a replica that follows',
      { info: replica('ip=10.0.0.2,port=6379,state=online,offset=29999990,lag=1') },
      'redis-replicas',
      'ok',
      /10\.0\.0\.2:6379 is 10 B behind/,
      undefined,
    ],
    [
      'a silent replica',
      { info: replica('ip=10.0.0.2,port=6379,state=online,offset=30000000,lag=30') },
      'redis-replicas',
      'warn',
      /last heard of 30 s ago/,
      /a failover to it now/,
    ],
    [
      'a replica far behind',
      { info: replica('ip=10.0.0.2,port=6379,state=online,offset=10000000,lag=0') },
      'redis-replicas',
      'warn',
      /19\.1 MB behind/,
      /network/,
    ],
    [
      'a replica that only begins',
      { info: replica('ip=10.0.0.2,port=6379,state=wait_bgsave,offset=0,lag=0') },
      'redis-replicas',
      'warn',
      /wait_bgsave/,
      /See its log/,
    ],
    [
      'memory at 85 %',
      { info: { used_memory: String(3.4 * GB) } },
      'redis-memory',
      'warn',
      /85 %/,
      /CONFIG SET maxmemory/,
    ],
    ['memory at 96 %', { info: { used_memory: String(3.84 * GB) } }, 'redis-memory', 'fail', /96 %.*503/, /larger/],
    [
      'no maxmemory',
      { info: { maxmemory: '0', total_system_memory: String(10 * GB) } },
      'redis-memory',
      'warn',
      /no maxmemory/,
      /maxmemory 6144mb/,
    ],
    [
      'no maxmemory in development',
      { info: { maxmemory: '0' }, limits: { isProduction: false } },
      'redis-memory',
      'ok',
      /no maxmemory/,
      undefined,
    ],
    [
      'memory that is full tonight',
      { limits: { fullAt: inDays(0.5) } },
      'redis-memory-forecast',
      'fail',
      /full at 2026-11-24T22:00/,
      /larger/,
    ],
    [
      'memory that is full in days',
      { limits: { fullAt: inDays(5) } },
      'redis-memory-forecast',
      'warn',
      /full at 2026-11-29/,
      /larger/,
    ],
    [
      'memory that is full next year',
      { limits: { fullAt: inDays(300) } },
      'redis-memory-forecast',
      'ok',
      /full at 2027/,
      undefined,
    ],
    [
      'a disk almost full',
      { facts: { disk: { isSeen: true, dir: '/data', freeBytes: GB - 1 } } },
      'redis-disk',
      'fail',
      /\/data has 1024 MB free/,
      /--min-free/,
    ],
    [
      'no room for a rewrite',
      { facts: { disk: { isSeen: true, dir: '/data', freeBytes: 1.5 * GB } } },
      'redis-disk',
      'warn',
      /rewrite of its append-only file needs up to 1 GB/,
      /Make room/,
    ],
    [
      'a disk elsewhere',
      { facts: { disk: { isSeen: false, why: 'it is on another machine' } } },
      'redis-disk',
      'warn',
      /on another machine/,
      /on the machine of Redis/,
    ],
    [
      'a clock a little ahead',
      { facts: { clock: { aheadMs: 400, roundTripMs: 10 } } },
      'clock',
      'warn',
      /400 ms ahead of/,
      /chrony/,
    ],
    [
      'a clock far behind',
      { facts: { clock: { aheadMs: -2_100, roundTripMs: 10 } } },
      'clock',
      'fail',
      /2100 ms behind.*COMMIT_HEAD_WAIT_MS/,
      /chrony/,
    ],
    [
      'a clock that nobody can tell over so slow a line',
      { facts: { clock: { aheadMs: 400, roundTripMs: 700 } } },
      'clock',
      'ok',
      /400 ms/,
      undefined,
    ],
    ['a clock that may not be seen', { facts: { clock: undefined } }, 'clock', 'warn', /TIME is forbidden/, /\+time/],
    [
      'a slow Redis',
      { facts: { clock: { aheadMs: 0, roundTripMs: 80 } } },
      'redis-speed',
      'warn',
      /80 ms to answer/,
      /SLOWLOG/,
    ],
  ])('[DOC1] says what %s means, and what to do', (_title, change, check, result, says, remedy) => {
    const findings = judged(change).filter(finding => finding.check === check)
    expect(findings).toMatchObject([{ result, says: expect.stringMatching(says) }])
    const [finding] = findings
    if (remedy === undefined) expect(finding).not.toHaveProperty('remedy')
    else expect(finding).toMatchObject({ remedy: expect.stringMatching(remedy) })
  })

  it.each([
    ['connect ECONNREFUSED 127.0.0.1:6379', /Start it, or set REDIS_URL/],
    ['NOAUTH Authentication required.', /name and password into REDIS_URL/],
    ['LOADING Redis is loading the dataset in memory', /reading back its data/],
  ])('[DOC1] says what to do when Redis does not answer: %s', (why, remedy) => {
    const limits = { headWaitMs: 2_000, isProduction: true, minFreeBytes: GB, fullAt: undefined, now: NOW }
    expect(judgeRedis({ isReachable: false, at: 'redis://db:6379', why }, limits)).toEqual([
      { check: 'redis', result: 'fail', says: expect.stringContaining(why), remedy: expect.stringMatching(remedy) },
    ])
  })
})

describe('what the doctor thinks of a machine', () => {
  const well: MachineFacts = {
    node: '20.20.2',
    isProduction: true,
    secret: { from: 'environment', distinctCharacters: 16 },
    dataDir: { path: '/srv/data', refusal: undefined },
    ports: [{ variable: 'PORT', port: 3_000, use: 'free' }],
  }

  it.each<[string, Partial<MachineFacts>, string, 'ok' | 'warn' | 'fail', RegExp]>([
    ['Node 20.18', { node: '20.18.3' }, 'node', 'fail', /too old/],
    ['Node 24', { node: '24.1.0' }, 'node', 'ok', /Node 24/],
    [
      'a secret of one letter',
      { secret: { from: 'environment', distinctCharacters: 1 } },
      'secret',
      'fail',
      /can be guessed/,
    ],
    [
      'a secret that others may read',
      { secret: { from: 'file', path: '/d/jwt-secret', isOpen: true } },
      'secret',
      'fail',
      /Others .* may read/,
    ],
    [
      'a secret of its own',
      { secret: { from: 'file', path: '/d/jwt-secret', isOpen: false } },
      'secret',
      'ok',
      /of development/,
    ],
    ['no secret yet', { secret: { from: 'nowhere' } }, 'secret', 'ok', /no secret yet/],
    [
      'a closed DATA_DIR',
      { isProduction: false, dataDir: { path: '/d', refusal: 'EACCES' } },
      'data-dir',
      'fail',
      /EACCES/,
    ],
    ['a closed DATA_DIR in production', { dataDir: { path: '/d', refusal: 'EROFS' } }, 'data-dir', 'warn', /EROFS/],
    [
      'a port that is taken',
      { ports: [{ variable: 'PORT', port: 80, use: 'taken' }] },
      'port',
      'fail',
      /Another program/,
    ],
    [
      'a port that is not allowed',
      { ports: [{ variable: 'METRICS_PORT', port: 80, use: 'not allowed' }] },
      'metrics-port',
      'fail',
      /may not listen/,
    ],
    [
      'a port of its own',
      { ports: [{ variable: 'PORT', port: 80, use: 'Dateline' }] },
      'port',
      'ok',
      /Dateline listens/,
    ],
  ])('[DOC2] says what %s means', (_title, change, check, result, says) => {
    const findings = judgeMachine({ ...well, ...change }).filter(finding => finding.check === check)
    expect(findings).toMatchObject([{ result, says: expect.stringMatching(says) }])
    expect(findings.every(finding => finding.result === 'ok' || finding.remedy.length > 10)).toBe(true)
  })
})

describe('what the doctor thinks of a running Dateline', () => {
  const url = 'https://live.news.example'
  type Ready = ServerFacts['api']['ready']
  const asked = (ready: Ready, isNamed = true) =>
    judgeServer({ api: { url, isNamed, ready }, gateway: { url, isNamed: false, refusal: undefined } })

  it.each<[string, ReturnType<typeof asked>, 'ok' | 'warn' | 'fail', RegExp]>([
    ['is ready', asked({ is: 'ready', durability: 'always', reasons: [] }), 'ok', /durability always/],
    [
      'is not',
      asked({ is: 'not ready', durability: 'always', reasons: ['Redis does not answer.'] }),
      'fail',
      /not ready: Redis does not answer/,
    ],
    ['is something else', asked({ is: 'something else' }), 'fail', /is not Dateline/],
    ['is away, but was named', asked({ is: 'away', why: 'refused' }), 'fail', /No Dateline answers/],
    ['is away, as it may be', asked({ is: 'away', why: 'refused' }, false), 'warn', /No Dateline answers/],
  ])('[DOC3] says that it %s', (_title, [api], result, says) => {
    expect(api).toMatchObject({ check: 'api', result, says: expect.stringMatching(says) })
  })

  it('[DOC3] says that no viewer can connect, and what to do', () => {
    const ready = { is: 'ready', durability: 'always', reasons: [] } as const
    const gateway = { url, isNamed: false, refusal: 'websocket error' }
    expect(judgeServer({ api: { url, isNamed: true, ready }, gateway })[1]).toMatchObject({
      ...{ check: 'gateway', result: 'fail', remedy: expect.stringContaining('GATEWAY_URL') },
    })
  })
})

describe('what the doctor says', () => {
  it('[DOC4] is a line or more for each check, with the remedy below, and a count', () => {
    const findings = [
      { check: 'node', result: 'ok', says: 'Node 20.' },
      { check: 'redis', result: 'fail', says: 'Gone.\u001b[2J', remedy: 'Start it.' },
    ] as const
    expect(reportText(findings, false)).toBe(
      'ok    Node 20.\nFAIL  Gone.·[2J\n      To do: Start it.\n1 ok, 0 to look at, 1 failed\n',
    )
    expect(reportText(findings, true)).toContain('\u001b[31mFAIL\u001b[39m  Gone.')
  })

  it.each([
    [0, '0 B'],
    [1_023, '1023 B'],
    [1_536, '1.5 KB'],
    [150 * 1_024 ** 2, '150 MB'],
    [2 * GB, '2 GB'],
  ])('[DOC4] names %d bytes %s', (bytes, text) => {
    expect(bytesText(bytes)).toBe(text)
  })
})
