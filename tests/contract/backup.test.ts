import { randomUUID } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import { createTurn } from '../../src/feed/turn.ts'
import { createMetrics } from '../../src/foundation/metrics.ts'
import { isSafeHtml } from '../../src/main/safe-html.ts'
import { listBackups } from '../../src/ops/backup/backups.ts'
import { makeBackup } from '../../src/ops/backup/make-backup.ts'
import { restoreFromBackup } from '../../src/ops/backup/restore-backup.ts'
import { startScheduledBackups } from '../../src/ops/backup/schedule-backups.ts'
import { createFullEvent } from '../support/full-event.ts'
import { callsTo } from '../support/http.ts'
import { startServer } from '../support/server.ts'
import { storingOf } from '../support/storing.ts'

const root = await mkdtemp(join(tmpdir(), 'dateline-backup-'))
const server = await startServer({ env: { ARCHIVE_DIR: join(root, 'archive') } })
const { call, createEvent, publish, change } = callsTo(server)
const { store } = storingOf(server)
const log = pino({ level: 'silent' })
const who = { by: { sub: 'olga', name: 'Olga Ops' }, requestId: 'test' }
const never = new AbortController().signal
afterAll(async () => {
  await server.stop()
  await rm(root, { recursive: true })
})

const freshDir = () => join(root, randomUUID())
const backUp = (dir: string, now = new Date(), over: Partial<Parameters<typeof makeBackup>[0]> = {}, keep = 14) =>
  makeBackup({ ...server.store, log, ...over }, { dir, keep, signal: never }, now)
const feedOf = async (eventId: string) => {
  const { epoch: _, ...page } = (await call('GET', `/v1/events/${eventId}/entries?limit=1000`)).body
  return page['entries']
}
const removed = async (eventId: string) => {
  const { redis, keys } = server.store
  await redis.del(...(await redis.keys(keys.event(eventId).meta.replace(/meta$/, '*'))))
  await redis.zrem(keys.index, eventId)
}

beforeAll(async () => {
  await createFullEvent(server, 'full')
  for (const id of ['quiet', 'stored']) {
    await createEvent({ id })
    await publish(id)
  }
  await change('PATCH', '/v1/events/stored', 1, { status: 'ended' })
  await store('stored')
}, 30_000)

describe('a backup', () => {
  it('[BACK1] has every event, those in the archive store too, each as an archive, and says what is in it', async () => {
    const dir = freshDir()
    const { name, folder, manifest } = await backUp(dir)
    expect(name).toMatch(/^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-\d{3}Z$/)
    expect((await readdir(folder)).toSorted()).toEqual(
      ['full.ndjson.gz', 'manifest.json', 'quiet.ndjson.gz', 'stored.ndjson.gz'].toSorted(),
    )
    expect(await readdir(dir)).toEqual([name])
    expect(manifest.failed).toEqual([])
    expect(manifest.events.map(({ eventId, stored }) => [eventId, stored]).toSorted()).toEqual([
      ['full', false],
      ['quiet', false],
      ['stored', true],
    ])
    for (const event of manifest.events) {
      expect((await stat(join(folder, event.file))).size).toBe(event.bytes)
      const headers = { Authorization: `Bearer ${server.tokens.ops}` }
      const answer = await fetch(`${server.url}/v1/events/${event.eventId}/archive`, { headers })
      expect((await readFile(join(folder, event.file))).equals(Buffer.from(await answer.arrayBuffer()))).toBe(true)
    }
    expect((await listBackups(dir))[0]?.manifest).toEqual(manifest)
    expect((await stat(folder)).mode & 0o077).toBe(0)
  })

  it('[BACK1] shares the files of events that have not changed with the one before', async () => {
    const dir = freshDir()
    const first = await backUp(dir)
    await publish('quiet')
    const second = await backUp(dir)
    const inode = async (folder: string, file: string) => (await stat(join(folder, file))).ino
    expect(await inode(second.folder, 'full.ndjson.gz')).toBe(await inode(first.folder, 'full.ndjson.gz'))
    expect(await inode(second.folder, 'quiet.ndjson.gz')).not.toBe(await inode(first.folder, 'quiet.ndjson.gz'))
    await rm(first.folder, { recursive: true })
    expect((await readFile(join(second.folder, 'full.ndjson.gz'))).length).toBeGreaterThan(100)
  })

  it('[BACK2] is there whole or not at all, and clears away what others left', async () => {
    const dir = freshDir()
    const { folder } = await backUp(dir)
    const old = join(dir, '.part-2020-01-01T00-00-00-000Z-abc')
    const young = join(dir, '.part-2099-01-01T00-00-00-000Z-abc')
    for (const path of [old, young]) await mkdir(path)
    await utimes(old, new Date(0), new Date(0))
    const stopped = new AbortController()
    const archives = {
      storedAs: server.store.archives.storedAs,
      async copy(eventId: string) {
        if (eventId === 'full') stopped.abort(new Error('stopped'))
        return await server.store.archives.copy(eventId)
      },
    }
    const needs = { ...server.store, archives, log }
    await expect(makeBackup(needs, { dir, keep: 14, signal: stopped.signal }, new Date())).rejects.toThrow('stopped')
    expect((await readdir(dir)).toSorted()).toEqual([young, folder].map(path => path.slice(dir.length + 1)).toSorted())
    // A folder without its manifest, or with another one, is no backup.
    await mkdir(join(dir, '2026-01-01T00-00-00-000Z'))
    await mkdir(join(dir, '2026-01-02T00-00-00-000Z'))
    await writeFile(join(dir, '2026-01-02T00-00-00-000Z', 'manifest.json'), '{"format":"dateline-backup"')
    expect((await listBackups(dir)).map(backup => backup.folder)).toEqual([folder])
  })

  it('[BACK3] goes on when an event cannot be read, and says which', async () => {
    const archives = {
      storedAs: server.store.archives.storedAs,
      async copy(eventId: string) {
        if (eventId === 'quiet') throw new Error('entry 2 of quiet does not link')
        return await server.store.archives.copy(eventId)
      },
    }
    const { manifest, folder } = await backUp(freshDir(), new Date(), { archives })
    expect(manifest.failed).toEqual([{ eventId: 'quiet', reason: 'entry 2 of quiet does not link' }])
    expect((await readdir(folder)).includes('full.ndjson.gz')).toBe(true)
    const dir = freshDir()
    const none = { storedAs: archives.storedAs, copy: () => Promise.reject(new Error('Redis is away')) }
    await expect(backUp(dir, new Date(), { archives: none })).rejects.toThrow('no event can be read: Redis is away')
    expect(await readdir(dir)).toEqual([])
  })

  it('[BACK4] drives out the oldest, but none that has what the newest lacks', async () => {
    const dir = freshDir()
    const at = (minute: number) => new Date(Date.UTC(2026, 10, 24, 10, minute))
    const names = async () => (await listBackups(dir)).map(({ name }) => name.slice(14, 16))
    for (const minute of [1, 2, 3]) await backUp(dir, at(minute), {}, 2)
    expect(await names()).toEqual(['03', '02'])
    const index = { ids: async () => ['full'] }
    // Those without the other events drive out one another only.
    for (const minute of [4, 5, 6]) {
      expect((await backUp(dir, at(minute), { index }, 2)).removed).toHaveLength(minute === 6 ? 1 : 0)
    }
    expect(await names()).toEqual(['06', '05', '03', '02'])
    await publish('quiet')
    expect((await backUp(dir, at(7), {}, 2)).removed).toHaveLength(3)
    expect(await names()).toEqual(['07', '06'])
    // An event that has fewer entries than before has lost some.
    const archives = {
      storedAs: async () => undefined,
      async copy(eventId: string) {
        const copy = await server.store.archives.copy(eventId === 'quiet' ? 'full' : 'quiet')
        return copy === undefined ? undefined : { ...copy, eventId }
      },
    }
    expect((await backUp(dir, at(8), { archives }, 1)).removed).toEqual([])
    expect(await names()).toEqual(['08', '07', '06'])
  })
})

describe('restoring from a backup', () => {
  it('[BACK5] brings back what was lost, and what was in the archive store goes there', async () => {
    const backup = await backUp(freshDir())
    const before = new Map(
      await Promise.all(['full', 'quiet', 'stored'].map(async id => [id, await feedOf(id)] as const)),
    )
    for (const id of before.keys()) await removed(id)
    expect((await call('GET', '/v1/events/full')).status).toBe(404)
    const needs = { ...server.store, isSafeHtml, log }
    for (const event of backup.manifest.events) {
      expect(await restoreFromBackup(needs, backup, event, { ...who, replace: false })).toEqual({
        ...{ eventId: event.eventId, result: 'restored', entries: event.entries, stored: event.stored },
      })
    }
    for (const [id, feed] of before) expect(await feedOf(id)).toEqual(feed)
    const { archives } = server.store
    expect(await archives.storedAs('stored')).toMatch(/^stored\./)
    expect(await archives.storedAs('full')).toBeUndefined()
    expect((await call('GET', '/v1/events/full/held')).body).toMatchObject({ held: [{ step: 'test' }] })
  })

  it('[BACK5] takes the place of events only when told to, and refuses what is not what the backup names', async () => {
    const backup = await backUp(freshDir())
    const needs = { ...server.store, isSafeHtml, log }
    const restored = async (eventId: string, replace = false) => {
      const event = backup.manifest.events.find(each => each.eventId === eventId)
      if (event === undefined) throw new Error('not in the backup')
      return await restoreFromBackup(needs, backup, event, { ...who, replace })
    }
    await publish('quiet', { body: 'After the backup.' })
    const now = await feedOf('quiet')
    expect(await restored('quiet')).toMatchObject({ result: 'refused', refused: 'event-exists' })
    await writeFile(join(backup.folder, 'full.ndjson.gz'), await readFile(join(backup.folder, 'quiet.ndjson.gz')))
    expect(await restored('full', true)).toMatchObject({
      result: 'refused',
      detail: 'Line 1: This is not the archive of full that the backup names.',
    })
    await rm(join(backup.folder, 'full.ndjson.gz'))
    expect(await restored('full', true)).toMatchObject({ result: 'refused', refused: 'not-found' })
    expect(await feedOf('quiet')).toEqual(now)
    expect(await restored('quiet', true)).toMatchObject({ result: 'replaced' })
    expect(await feedOf('quiet')).toEqual((now as unknown[]).slice(0, -1))
  })
})

describe('scheduled backups', () => {
  const { redis, keys } = server.store

  function scheduled(dir: string, everyMs: number) {
    const turn = createTurn({ redis, key: keys.backingUp })
    const metrics = createMetrics()
    const part = startScheduledBackups({ ...server.store, turn, dir, keep: 2, everyMs, metrics, log })
    onTestFinished(() => part.stop())
    return { part, metrics }
  }

  it('[BACK6] are made when the newest is too old, by one process at a time', async () => {
    const dir = freshDir()
    const { metrics } = scheduled(dir, 3_600_000)
    scheduled(dir, 3_600_000)
    await vi.waitFor(async () => expect(await listBackups(dir)).toHaveLength(1), 15_000)
    await vi.waitFor(async () => expect(await redis.exists(keys.backingUp)).toBe(0), 5_000)
    expect(await metrics.scrape()).toMatch(/^dateline_backup_every_seconds 3600$/m)
    // Another process finds that none is due.
    const later = scheduled(dir, 3_600_000)
    await vi.waitFor(
      async () => expect(await later.metrics.scrape()).toMatch(/^dateline_backup_time_seconds 1\d{9}/m),
      5_000,
    )
    expect(await listBackups(dir)).toHaveLength(1)
    const [made] = await listBackups(dir)
    expect(made?.manifest.events.map(({ eventId }) => eventId).toSorted()).toEqual(['full', 'quiet', 'stored'])
  }, 30_000)

  it('[BACK6] go on every so often, and keep the newest', async () => {
    const dir = freshDir()
    const { part, metrics } = scheduled(dir, 300)
    const first = await vi.waitFor(async () => {
      const [backup] = await listBackups(dir)
      if (backup === undefined) throw new Error('none yet')
      return backup.name
    }, 15_000)
    await vi.waitFor(async () => {
      const names = (await listBackups(dir)).map(({ name }) => name)
      expect(names).toHaveLength(2)
      expect(names).not.toContain(first)
    }, 20_000)
    await part.stop()
    expect((await readdir(dir)).filter(name => name.startsWith('.'))).toEqual([])
    expect(await metrics.scrape()).toMatch(/^dateline_backups_total\{result="made"\} [2-9]/m)
  }, 45_000)

  it('[BACK6] tell when they cannot be made, and are off without BACKUP_EVERY_HOURS', async () => {
    const file = join(root, 'a-file')
    await writeFile(file, '')
    const { metrics } = scheduled(join(file, 'below'), 3_600_000)
    await vi.waitFor(async () => {
      expect(await metrics.scrape()).toMatch(/^dateline_backups_total\{result="failed"\} 1$/m)
    }, 10_000)
    const dir = freshDir()
    const off = scheduled(dir, 0)
    expect(await off.metrics.scrape()).toMatch(/^dateline_backup_every_seconds 0$/m)
    await off.part.stop()
    expect(await listBackups(dir)).toEqual([])
  })
})
