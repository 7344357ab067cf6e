import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { commandsOf } from '../support/dateline-command.ts'
import { callsTo } from '../support/http.ts'
import { startServer } from '../support/server.ts'

const dir = await mkdtemp(join(tmpdir(), 'dateline-store-cli-'))
const env = { ARCHIVE_DIR: join(dir, 'archive'), BACKUP_DIR: join(dir, 'backups'), BACKUP_KEEP: '2' }
const server = await startServer({ env })
const { call, createEvent, publish, change } = callsTo(server)
const { run } = commandsOf(server, dir)
const dateline = (...args: string[]) => run(args, { env })
afterAll(async () => {
  await server.stop()
  await rm(dir, { recursive: true })
})

const statusOf = async (id: string) => (await call('GET', `/v1/events/${id}`)).body['status']
const entriesOf = async (id: string) =>
  (await call<{ entries: object[] }>('GET', `/v1/events/${id}/entries`)).body.entries

async function endedEvent(id: string, coverageEndTime: string): Promise<void> {
  const { version } = await createEvent({ id })
  await publish(id)
  await change('PATCH', `/v1/events/${id}`, version, { status: 'ended', coverageEndTime })
}

beforeAll(async () => {
  await createEvent({ id: 'live' })
  await endedEvent('new', new Date().toISOString())
  await endedEvent('old', '2020-01-02T00:00:00.000Z')
  await endedEvent('older', '2020-01-01T00:00:00.000Z')
})

describe('dateline archive and restore-event', () => {
  it('[ARCHIVE21] show which events would be moved, the oldest first, and move nothing', async () => {
    const shown = await dateline('archive', '--older-than', '30d', '--dry-run')
    expect(shown).toMatchObject({
      exitCode: 0,
      stdout:
        'older: ended 2020-01-01T00:00:00.000Z, 3 entries would be moved\n' +
        'old: ended 2020-01-02T00:00:00.000Z, 3 entries would be moved\n',
    })
    const named = await dateline('archive', 'new', 'live', '--dry-run', '--json')
    expect(named.exitCode).toBe(1)
    expect(JSON.parse(named.stdout)).toMatchObject({
      events: [
        { eventId: 'new', result: 'would-move', entries: 3 },
        { eventId: 'live', result: 'refused', refused: 'event-open' },
      ],
    })
    expect(await statusOf('old')).toBe('ended')
  })

  it('[ARCHIVE21] move all that ended before a time, or those that are named', async () => {
    const moved = await dateline('archive', '--older-than', '30d')
    expect(moved).toMatchObject({ exitCode: 0, stderr: '' })
    expect(moved.stdout).toMatch(
      /^older: 4 entries were moved to the archive store, \d+ bytes\nold: 4 entries were moved to the archive store, \d+ bytes\n$/,
    )
    expect([await statusOf('old'), await statusOf('older'), await statusOf('new')]).toEqual([
      ...['archived', 'archived', 'ended'],
    ])
    expect(await readdir(env.ARCHIVE_DIR)).toHaveLength(2)
    expect(await dateline('archive', '--older-than', '30d')).toMatchObject({
      exitCode: 0,
      stdout: 'There is nothing to archive.\n',
    })
    const { exitCode, stdout } = await dateline('archive', 'live', 'nowhere', 'old', 'new', '--json')
    expect(exitCode).toBe(1)
    expect(JSON.parse(stdout).events).toMatchObject([
      { eventId: 'live', result: 'refused', refused: 'event-open', detail: 'The event live is live. End it first.' },
      { eventId: 'nowhere', result: 'refused', refused: 'event-not-found' },
      { eventId: 'old', result: 'was-there' },
      { eventId: 'new', result: 'moved', entries: 4 },
    ])
    expect(await entriesOf('new')).toHaveLength(4)
    const refused = await dateline('renormalize', 'new', '--dry-run')
    expect(refused).toMatchObject({
      exitCode: 2,
      stderr: expect.stringMatching(/^The event new is in the archive store/),
    })
  })

  it('[ARCHIVE21] take one back', async () => {
    expect(await dateline('restore-event', 'old')).toMatchObject({
      exitCode: 0,
      stdout: 'old: 4 entries are back. The event is ended: set it live to go on.\n',
    })
    expect(await statusOf('old')).toBe('ended')
    expect(await dateline('restore-event', 'old')).toMatchObject({
      exitCode: 1,
      stderr: 'The event old is not in the archive store.\n',
    })
    const refused = await dateline('restore-event', 'nowhere', '--json')
    expect(refused.exitCode).toBe(1)
    expect(JSON.parse(refused.stdout)).toMatchObject({ refused: 'event-not-found' })
  })

  it('[ARCHIVE21] go on when the feed of one is damaged, and say which', async () => {
    for (const id of ['damaged', 'whole']) await endedEvent(id, '2019-01-01T00:00:00.000Z')
    const { redis, keys } = server.store
    await redis.xdel(keys.event('damaged').feed, '2-0')
    const { exitCode, stdout } = await dateline('archive', '--older-than', '30d', '--json')
    expect(exitCode).toBe(1)
    const { events } = JSON.parse(stdout) as { events: { eventId: string; result: string }[] }
    expect(events).toContainEqual(
      expect.objectContaining({ eventId: 'damaged', result: 'refused', refused: 'internal' }),
    )
    expect(events).toContainEqual(expect.objectContaining({ eventId: 'whole', result: 'moved' }))
    expect(await server.store.archives.storedAs('damaged')).toBeUndefined()
    const backup = await dateline('backup', '--json')
    expect(backup.exitCode).toBe(1)
    expect(JSON.parse(backup.stdout)).toMatchObject({ failed: [{ eventId: 'damaged' }] })
    await redis.del(...(await redis.keys(keys.event('damaged').meta.replace(/meta$/, '*'))))
    await redis.zrem(keys.index, 'damaged')
    await rm(env.BACKUP_DIR, { recursive: true })
    await dateline('restore-event', 'whole')
    await redis.del(...(await redis.keys(keys.event('whole').meta.replace(/meta$/, '*'))))
    await redis.zrem(keys.index, 'whole')
  })

  it('[ARCHIVE21] end with 2 for wrong usage', async () => {
    expect((await dateline('archive')).exitCode).toBe(2)
    expect((await dateline('archive', 'old', '--older-than', '30d')).exitCode).toBe(2)
    expect((await dateline('archive', '--older-than', 'soon')).exitCode).toBe(2)
    expect((await dateline('archive', 'NO EVENT')).exitCode).toBe(2)
    expect((await dateline('restore-event')).exitCode).toBe(2)
  })
})

describe('dateline backup and restore', () => {
  it('[BACK8] make a backup of all events, keep the newest, and list them', async () => {
    expect(await dateline('backup', '--list')).toMatchObject({
      exitCode: 0,
      stdout: `There are no backups in ${env.BACKUP_DIR}.\n`,
    })
    const made = []
    for (let i = 0; i < 3; i++) made.push(JSON.parse((await dateline('backup', '--json')).stdout))
    expect(made[2].events.map(({ eventId }: { eventId: string }) => eventId).toSorted()).toEqual([
      ...['live', 'new', 'old', 'older'],
    ])
    expect(made[2]).toMatchObject({
      failed: [],
      removed: [made[0].backup],
      folder: join(env.BACKUP_DIR, made[2].backup),
    })
    const told = await dateline('backup')
    expect(told).toMatchObject({ exitCode: 0, stderr: '' })
    expect(told.stdout).toMatch(/^4 events are in .*\n$/)
    const listed = await dateline('backup', '--list')
    expect(listed.stdout.split('\n')).toHaveLength(3)
    expect(listed.stdout).toMatch(/^2\S+Z {2}4 events, \d+ bytes\n/)
    expect(JSON.parse((await dateline('backup', '--list', '--json')).stdout).backups).toHaveLength(2)
  })

  it('[BACK8] restore those that are named, or all, and replace only when told to', async () => {
    await publish('live', { body: 'After the backup.' })
    const refused = await dateline('restore', 'latest', 'live')
    expect(refused.exitCode).toBe(1)
    expect(refused.stdout).toMatch(/^live: not restored\. There is an event live already/)
    expect(await entriesOf('live')).toHaveLength(2)
    expect(await dateline('restore', 'latest', 'live', 'new', '--replace')).toMatchObject({
      exitCode: 0,
      stdout:
        'live: 1 entries were restored, in the place of the one that was there\n' +
        'new: 4 entries were restored, in the archive store, in the place of the one that was there\n',
    })
    expect(await entriesOf('live')).toHaveLength(1)
    expect(await statusOf('new')).toBe('archived')
    const all = await dateline('restore', 'latest', '--replace', '--json')
    expect(all.exitCode).toBe(0)
    expect(JSON.parse(all.stdout).events).toHaveLength(4)
    expect(await server.store.archives.storedAs('older')).toMatch(/^older\./)
  })

  it('[BACK8] take the path of a backup elsewhere, and end with 2 where there is none', async () => {
    const [name = ''] = await readdir(env.BACKUP_DIR)
    expect((await dateline('restore', `backups/${name}`, 'live', '--replace')).exitCode).toBe(0)
    expect((await dateline('restore', 'elsewhere')).exitCode).toBe(2)
    expect((await dateline('restore', 'latest', 'nowhere')).exitCode).toBe(2)
    await writeFile(join(dir, 'a-file'), '')
    const blocked = await run(['backup'], { env: { ...env, BACKUP_DIR: join(dir, 'a-file') } })
    expect(blocked).toMatchObject({ exitCode: 2, stdout: '' })
    expect(blocked.stderr).toMatch(/^Cannot write .*a-file \(EEXIST\)\.\n$/)
  })
})
