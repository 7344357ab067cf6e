import { randomBytes } from 'node:crypto'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { io } from 'socket.io-client'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { createTokens } from '../../src/foundation/tokens.ts'
import type { Entry } from '../../src/protocol/entry.ts'
import { EMPTY_CHAIN, type Position } from '../../src/protocol/position.ts'
import type { JoinAnswer, Notice } from '../../src/protocol/socket.ts'
import { expectLinked } from '../support/chain.ts'
import { runCommand } from '../support/dateline-cli.ts'
import { type DatelineProcess, startDateline } from '../support/dateline-process.ts'
import { type RedisServer, startRedisServer } from '../support/redis-server.ts'

const secret = randomBytes(32).toString('hex')
const processes: DatelineProcess[] = []
let dir: string
let redis: RedisServer
let env: Record<string, string>
let api: DatelineProcess

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'dateline-drill-'))
  redis = await startRedisServer()
  env = {
    ...{ REDIS_URL: redis.url, KEY_PREFIX: 'dl', JWT_SECRET: secret, DATA_DIR: dir, LOG_LEVEL: 'info' },
    ...{ ARCHIVE_DIR: join(dir, 'archive'), BACKUP_DIR: join(dir, 'backups'), INIT_CWD: dir },
  }
  api = await startDateline({ part: 'api', env })
  const gateways = [await startDateline({ part: 'gateway', env }), await startDateline({ part: 'gateway', env })]
  const worker = await startDateline({ part: 'worker', env: { ...env, BACKUP_EVERY_HOURS: '1' }, readyLog: /is ready/ })
  processes.push(api, ...gateways, worker)
}, 90_000)
afterAll(async () => {
  for (const process of processes) await process.stop()
  await redis.stop()
  await rm(dir, { recursive: true, force: true })
})

async function send(method: string, path: string, body: object, headers: Record<string, string> = {}) {
  const token = await createTokens(secret).sign({ sub: 'erin', name: 'Erin', roles: ['editor'] }, '1h')
  const answer = await fetch(`${api.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', prefer: 'wait=10', ...headers },
    body: JSON.stringify(body),
  })
  if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`)
  return answer
}

const publish = (eventId: string, body: string) => send('POST', `/v1/events/${eventId}/updates`, { body })

async function feedOf(eventId: string): Promise<{ epoch: string; entries: Entry[]; position: Position }> {
  const answer = await fetch(`${api.url}/v1/events/${eventId}/entries?limit=1000`)
  expect(answer.status).toBe(200)
  return (await answer.json()) as { epoch: string; entries: Entry[]; position: Position }
}

/** A viewer that does what the protocol asks: takes entries as they come, and joins with nothing when told to begin anew. */
function watch(url: string, eventId: string) {
  const socket = io(url, { transports: ['websocket'], forceNew: true })
  const state = {
    position: undefined as Position | undefined,
    /** Since it last began. */
    entries: [] as Entry[],
    notices: [] as Notice[],
    refused: 0,
    faults: [] as string[],
    close: () => void socket.close(),
  }
  async function join(): Promise<void> {
    const answer: JoinAnswer = await socket
      .timeout(8_000)
      .emitWithAck('join', { eventId, after: state.position ?? null })
    if (answer.result === 'refused') {
      state.refused += 1
      setTimeout(again, 200)
      return
    }
    if (answer.result === 'restarted') state.entries = []
    state.position = answer.position
  }
  const again = () => void join().catch((error: unknown) => state.faults.push(String(error)))
  socket.on('connect', again)
  socket.on('entry', (room: string, epoch: string, entry: Entry) => {
    if (room !== eventId) return
    if (epoch !== state.position?.epoch || entry.seq !== state.position.seq + 1) state.faults.push(`entry ${entry.seq}`)
    state.entries.push(entry)
    state.position = { epoch, seq: entry.seq, chain: entry.chain }
  })
  socket.on('notice', (notice: Notice) => {
    state.notices.push(notice)
    if (notice.kind !== 'restart') return
    state.position = undefined
    again()
  })
  return state
}

describe('the drill: all data is lost while viewers look on', () => {
  it('[BACK7] is restored from the last backup: viewers are told, are complete, and it goes on', async () => {
    for (const id of ['talks', 'quiet', 'over']) await send('POST', '/v1/events', { id, headline: `About ${id}` })
    for (let i = 1; i <= 20; i++) await publish('talks', `Update ${i} of the talks.`)
    await publish('over', 'It is over.')
    await send('PATCH', '/v1/events/over', { status: 'ended' }, { 'If-Match': '"1"' })
    await runCommand(['archive', 'over'], env)
    const [over, talks] = [await feedOf('over'), await feedOf('talks')]

    // The worker made one when it started, of nothing; this one has it all.
    const backup = JSON.parse(await runCommand(['backup', '--json'], env))
    expect(backup.events.map(({ eventId }: { eventId: string }) => eventId).toSorted()).toEqual([
      'over',
      'quiet',
      'talks',
    ])
    await publish('talks', 'This one came after the backup.')

    const viewers = processes.slice(1, 3).map(gateway => watch(gateway.url, 'talks'))
    try {
      await vi.waitFor(() => expect(viewers.map(({ position }) => position?.seq)).toEqual([22, 22]), 15_000)
      const client = new Redis(redis.url)
      await client.flushall()
      client.disconnect()
      await vi.waitFor(() => expect(viewers.every(({ notices }) => notices.length > 0)).toBe(true), 20_000)
      await vi.waitFor(() => expect(viewers.every(({ refused }) => refused > 0)).toBe(true), 20_000)
      expect((await fetch(`${api.url}/v1/events/talks`)).status).toBe(404)

      await runCommand(['restore', backup.backup], env)
      await vi.waitFor(() => expect(viewers.map(({ position }) => position?.seq)).toEqual([21, 21]), 20_000)
      const back = await feedOf('talks')
      expect(back.entries).toEqual(talks.entries)
      expect(back.epoch).not.toBe(talks.epoch)
      for (const { position } of viewers) expect(position).toEqual(back.position)

      await publish('talks', 'And on it goes.')
      await send('PATCH', '/v1/events/talks', { summaryPoints: ['It goes on.'] }, { 'If-Match': '"1"' })
      await vi.waitFor(() => expect(viewers.map(({ position }) => position?.seq)).toEqual([23, 23]), 20_000)
      const now = await feedOf('talks')
      expectLinked(EMPTY_CHAIN, now.entries)
      for (const { entries, faults } of viewers) {
        expect(faults).toEqual([])
        expect(entries).toEqual(now.entries.slice(21))
      }
      expect((await feedOf('over')).entries).toEqual(over.entries)
      expect((await readdir(join(dir, 'archive'))).filter(name => name.startsWith('over.'))).toHaveLength(1)
    } finally {
      for (const viewer of viewers) viewer.close()
    }
  }, 120_000)

  it('[BACK7] one event is put back in the place of what stands, and its viewers begin anew', async () => {
    const viewer = watch(processes[1]?.url ?? '', 'talks')
    try {
      await vi.waitFor(() => expect(viewer.position?.seq).toBe(23), 15_000)
      const output = await runCommand(['restore', 'latest', 'talks', '--replace'], env)
      expect(output).toBe('talks: 21 entries were restored, in the place of the one that was there\n')
      await vi.waitFor(() => expect(viewer.position?.seq).toBe(21), 20_000)
      expect(viewer.faults).toEqual([])
    } finally {
      viewer.close()
    }
  }, 60_000)
})
