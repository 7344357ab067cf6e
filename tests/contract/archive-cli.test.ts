import { randomBytes } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { gzipSync } from 'node:zlib'
import { afterAll, describe, expect, it } from 'vitest'
import { readConfig } from '../../src/foundation/config.ts'
import { runDateline } from '../../src/main/cli/command.ts'
import { anArchive, anArchiveFile, linked, packed, sealed } from '../support/build-archive.ts'
import { callsTo } from '../support/http.ts'
import { startServer, TEST_SECRET } from '../support/server.ts'

const server = await startServer()
const dir = await mkdtemp(join(tmpdir(), 'archive-cli-'))
afterAll(async () => {
  await server.stop()
  await rm(dir, { recursive: true })
})
const { call, publish } = callsTo(server)

const whole = anArchiveFile(20, 'printed')

async function dateline(
  args: readonly string[],
  { input, isTerminal = false }: { input?: Uint8Array; isTerminal?: boolean } = {},
) {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()]
  stdin.end(input ?? '')
  const [out, told] = [buffer(stdout), buffer(stderr)]
  const prefix = /\{(.*)-index\}/.exec(server.store.keys.index)?.[1] ?? ''
  const env = { REDIS_URL: process.env['REDIS_URL'], KEY_PREFIX: prefix, JWT_SECRET: TEST_SECRET, INIT_CWD: dir }
  const config = readConfig(env)
  const exitCode = await runDateline(args, {
    ...{ config, stdin, stdout, isColoured: false, stderr: Object.assign(stderr, { isTTY: isTerminal }) },
    configWithRedis: async () => config,
    signal: new AbortController().signal,
  })
  for (const stream of [stdout, stderr]) stream.end()
  return { exitCode, stdout: (await out).toString(), bytes: await out, stderr: (await told).toString() }
}

describe('dateline import, export and verify', () => {
  it('[ARCHIVE11] take in a file, write the same one again, and say what they did', async () => {
    await writeFile(join(dir, 'in.gz'), whole)
    expect(await dateline(['verify', './in.gz'])).toMatchObject({
      exitCode: 0,
      stdout: 'printed: complete: 1..21, all well\n',
    })
    expect((await call('GET', '/v1/events/printed')).status).toBe(404)
    const taken = await dateline(['import', 'in.gz'])
    expect(taken).toMatchObject({ exitCode: 0, stdout: 'printed: 21 entries were taken in\n', stderr: '' })
    const written = await dateline(['export', 'printed', '--json'])
    expect(JSON.parse(written.stdout)).toMatchObject({ file: join(dir, 'printed.ndjson.gz'), bytes: whole.length })
    expect((await readFile(join(dir, 'printed.ndjson.gz'))).equals(whole)).toBe(true)
    expect(await dateline(['verify', 'printed'])).toMatchObject({
      exitCode: 0,
      stdout: 'printed: complete: 1..21, all well\n',
    })
    expect((await readdir(dir)).toSorted()).toEqual(['in.gz', 'printed.ndjson.gz'])
  })

  it('[ARCHIVE11] speak to other programs by standard input and output', async () => {
    const { exitCode, bytes, stderr } = await dateline(['export', 'printed', '-'])
    expect([exitCode, bytes.equals(whole)]).toEqual([0, true])
    expect(stderr).toMatch(/^printed: 21 entries, sha256 [0-9a-f]{64}\n$/)
    expect((await dateline(['verify', '-'], { input: whole })).exitCode).toBe(0)
  })

  it('[ARCHIVE11] restore an event, when they are told to replace it', async () => {
    await publish('printed', { body: 'After the archive.' })
    const refused = await dateline(['import', 'in.gz'])
    expect(refused).toMatchObject({ exitCode: 1, stdout: '' })
    expect(refused.stderr).toMatch(/^There is an event printed already\./)
    const restored = await dateline(['import', 'in.gz', '--replace'])
    expect(restored.stdout).toBe('printed: 21 entries were taken in, in the place of one with 22\n')
    const { body } = await call<{ entries: { action: string; by: object }[] }>('GET', '/v1/events/printed/audit', {
      as: 'ops',
    })
    expect(body.entries[0]).toMatchObject({
      action: 'archive-imported',
      by: { sub: 'dateline' },
      detail: { replaced: { seq: 22 } },
    })
  })

  it('[ARCHIVE11] name the line of a broken one, and the fault to programs', async () => {
    const body = anArchive(20, 'torn')
    body.entries.splice(6, 1)
    await writeFile(join(dir, 'torn.gz'), packed(sealed({ ...body, entries: linked(body.entries) })))
    for (const command of ['verify', 'import']) {
      const answer = await dateline([command, 'torn.gz'])
      expect(answer).toMatchObject({ exitCode: 1, stdout: '', stderr: 'Line 8: Entry 7 is missing: this is 8.\n' })
      const { stdout } = await dateline([command, 'torn.gz', '--json'])
      expect(JSON.parse(stdout)).toMatchObject({ refused: 'archive-broken', line: 8, fault: 'hole' })
    }
    expect((await call('GET', '/v1/events/torn')).status).toBe(404)
  })

  it('[ARCHIVE7] refuse a line of 100 MB when they have read 4 of them', async () => {
    const block = randomBytes(1024 * 1024).toString('hex')
    const input = gzipSync(`["${block.repeat(50)}"]\n`, { level: 1 })
    expect(input.length).toBeGreaterThan(40 * 1024 * 1024)
    const answer = await dateline(['verify', '-'], { input })
    expect(answer).toMatchObject({ exitCode: 1, stdout: '', stderr: 'Line 1: It has more than 4194304 bytes.\n' })
  })

  it('[ARCHIVE11] end with 2 for a file that cannot be read, 1 for an event that is not there', async () => {
    expect((await dateline(['import', 'none.gz'])).exitCode).toBe(2)
    expect((await dateline(['verify', 'none.gz'])).exitCode).toBe(2)
    expect((await dateline(['export', 'printed', 'none/none.gz'])).exitCode).toBe(2)
    expect((await dateline(['export', 'nowhere'])).exitCode).toBe(1)
    expect((await dateline(['verify', 'nowhere'])).exitCode).toBe(1)
    expect((await dateline(['export', 'NO EVENT'])).exitCode).toBe(2)
    expect((await readdir(dir)).filter(name => name.includes('nowhere'))).toEqual([])
  })

  it('[ARCHIVE11] show how far they are on a terminal only', async () => {
    const { stderr } = await dateline(['export', 'printed'], { isTerminal: true })
    expect(stderr).toContain('Reading')
    expect(stderr).toContain('Writing')
    expect((await dateline(['export', 'printed'])).stderr).toBe('')
  })
})
