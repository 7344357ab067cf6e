import { decodeJwt } from 'jose'
import { afterAll, describe, expect, it } from 'vitest'
import type { User } from '../../src/protocol/access.ts'
import { commandsOf } from '../support/dateline-command.ts'
import { callsTo, expectProblem } from '../support/http.ts'
import { startServer } from '../support/server.ts'

const server = await startServer()
const { call, createEvent } = callsTo(server)
const { run } = commandsOf(server, '.')
afterAll(() => server.stop())

const REVOKED = { detail: 'The bearer token was revoked.' }
await createEvent({ id: 'talks' })
await createEvent({ id: 'vote', visibility: 'private' })

/** Runs it with `--json`; gives what it prints. */
async function done<T>(...args: string[]): Promise<T> {
  const { exitCode, stdout, stderr } = await run([...args, '--json'])
  expect(exitCode, stdout + stderr).toBe(0)
  return JSON.parse(stdout) as T
}
const issue = async (sub: string) => ({ token: (await done<{ token: string }>('users', 'token', sub)).token })
const post = (as: { token: string }) => call('POST', '/v1/events/talks/updates', { as, body: { body: 'Here.' } })
const list = async () => (await done<{ users: User[] }>('users', 'list')).users
const refused = async (...args: string[]) => {
  const { exitCode, stdout, stderr } = await run(args)
  return { exitCode, said: stdout + stderr }
}
const deeds = async () =>
  (await call<{ entries: { action: string; by: object; detail: object }[] }>('GET', '/v1/ops/audit', { as: 'ops' }))
    .body.entries

describe('dateline users', () => {
  it('[USERS1] keeps who is there, with name, roles and events, and lists them', async () => {
    expect((await run(['users', 'list'])).stdout).toBe('There are no users.\n')
    const anna = await done<User>('users', 'add', 'anna', '--role', 'editor,ops', '--name', 'Anna Example')
    expect(anna).toMatchObject({ sub: 'anna', name: 'Anna Example', roles: ['editor', 'ops'], state: 'active' })
    expect(anna).not.toHaveProperty('events')
    await done('users', 'add', 'bert', '--role', 'contributor', '--event', 'talks,vote', '--event', 'other')
    expect(await list()).toMatchObject([anna, { sub: 'bert', name: 'bert', events: ['talks', 'vote', 'other'] }])
    expect((await run(['users', 'list'])).stdout).toBe(
      'anna  Anna Example  editor+ops   all events\nbert  bert          contributor  talks vote other\n',
    )
    await done('users', 'set', 'anna', '--name', 'Anna Other')
    expect(await list()).toMatchObject([{ name: 'Anna Other', roles: ['editor', 'ops'] }, { sub: 'bert' }])
  })

  it('[USERS1] lists all, however many they are', async () => {
    const { keys, redis } = server.store
    const [one] = await list()
    const many = Array.from({ length: 1_200 }, (_, i) => `of-many-${i}`)
    await redis.hset(keys.users, Object.fromEntries(many.map(sub => [sub, JSON.stringify({ ...one, sub })])))
    const subs = (await list()).map(({ sub }) => sub)
    expect(subs).toEqual(subs.toSorted())
    expect(subs.filter(sub => sub.startsWith('of-many-'))).toHaveLength(1_200)
    await redis.hdel(keys.users, ...many)
  })

  it('[USERS2] issues tokens with the rights that somebody has, and nothing else on the line', async () => {
    await done('users', 'add', 'carl', '--role', 'editor', '--event', 'talks')
    const { stdout } = await run(['users', 'token', 'carl', '--expires', '30m'])
    expect(stdout).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/)
    const token = stdout.trim()
    const claims = decodeJwt(token)
    expect(claims).toMatchObject({ sub: 'carl', name: 'carl', roles: ['editor'], events: ['talks'] })
    expect(Number(claims.exp) - Number(claims.iat)).toBeGreaterThan(1_790)
    expect((await post({ token })).status).toBe(202)
    expectProblem(await call('GET', '/v1/events/vote', { as: { token } }), 'event-not-found')
  })

  it('[USERS3] [P7] ends all tokens of whoever has other rights, and issues the new ones', async () => {
    await done('users', 'add', 'dora', '--role', 'editor')
    const before = await issue('dora')
    await done('users', 'set', 'dora', '--name', 'Dora')
    expect((await post(before)).status).toBe(202)
    await done('users', 'set', 'dora', '--role', 'ops')
    await expectRevoked(before)
    const after = await issue('dora')
    expectProblem(await post(after), 'not-allowed')
    await done('users', 'set', 'dora', '--role', 'editor', '--event', 'vote')
    await expectRevoked(after)
    expectProblem(await post(await issue('dora')), 'not-allowed')
    await done('users', 'set', 'dora', '--all-events')
    expect((await post(await issue('dora'))).status).toBe(202)
  })

  it('[USERS4] [P7] ends all tokens of whoever is blocked, and issues none until they are not', async () => {
    await done('users', 'add', 'emil', '--role', 'editor')
    const tokens = [await issue('emil'), await issue('emil')]
    expect(await done('users', 'block', 'emil', '--reason', 'Has left.')).toMatchObject({ state: 'blocked' })
    for (const token of tokens) await expectRevoked(token)
    expect(await refused('users', 'token', 'emil')).toEqual({
      exitCode: 1,
      said: 'emil is blocked: unblock them first.\n',
    })
    expect((await run(['users', 'list'])).stdout).toMatch(/^emil .* blocked$/m)
    await done('users', 'set', 'emil', '--role', 'contributor')
    expect((await refused('users', 'token', 'emil')).exitCode).toBe(1)
    await done('users', 'unblock', 'emil')
    for (const token of tokens) await expectRevoked(token)
    expect((await post(await issue('emil'))).status).toBe(202)
  })

  it('[USERS4] [P7] ends all tokens of whoever is removed', async () => {
    await done('users', 'add', 'fred', '--role', 'editor')
    const token = await issue('fred')
    await done('users', 'remove', 'fred')
    await expectRevoked(token)
    expect((await list()).map(({ sub }) => sub)).not.toContain('fred')
    expect(await refused('users', 'token', 'fred')).toEqual({ exitCode: 1, said: 'There is no user fred.\n' })
  })

  it('[USERS5] says what is wrong with its use, and changes nothing then', async () => {
    await done('users', 'add', 'gina', '--role', 'editor')
    const before = await list()
    for (const args of [
      ['users', 'add', 'hugo'],
      ['users', 'add', 'hugo', '--role', 'king'],
      ['users', 'add', '', '--role', 'editor'],
      ['users', 'add', 'x'.repeat(201), '--role', 'editor'],
      ['users', 'add', 'hugo', '--role', 'editor', '--event', 'Not An Id'],
      ['users', 'add', 'hugo', '--role', 'editor', '--name', ' '],
      ['users', 'add', 'gina', '--role', 'ops'],
      ['users', 'set', 'gina'],
      ['users', 'set', 'gina', '--event', 'talks', '--all-events'],
      ['users', 'token', 'gina', '--expires', 'soon'],
      ['users', 'block', 'gina', '--reason', 'a'.repeat(501)],
    ]) {
      const { exitCode, said } = await refused(...args)
      expect(exitCode, said).toBe(2)
      expect(said.trim()).not.toBe('')
    }
    expect(await refused('users', 'token', 'gina', '--expires', '400d')).toMatchObject({
      exitCode: 1,
      said: expect.stringMatching(/366 days/),
    })
    const many = Array.from({ length: 50 }, (_, i) => `event-${i}-${'x'.repeat(50)}`).join(',')
    await done('users', 'add', 'greg', '--role', 'editor', '--event', many)
    expect(await refused('users', 'token', 'greg')).toMatchObject({
      exitCode: 1,
      said: expect.stringMatching(/too long/),
    })
    expect((await refused('users', 'set', 'greg', '--event', `${many},one-more`)).exitCode).toBe(2)
    await done('users', 'remove', 'greg')
    for (const deed of ['set', 'block', 'unblock', 'remove']) {
      const args = ['users', deed, 'nobody', ...(deed === 'set' ? ['--role', 'ops'] : [])]
      expect(await refused(...args)).toEqual({ exitCode: 1, said: 'There is no user nobody.\n' })
    }
    expect(await list()).toEqual(before)
  })

  it('[USERS6] has each deed in the trail of ops', async () => {
    await done('users', 'add', 'ida', '--role', 'editor')
    const { jti } = decodeJwt((await issue('ida')).token)
    await done('users', 'set', 'ida', '--role', 'ops')
    await done('users', 'block', 'ida', '--reason', 'Lost her laptop.')
    await done('users', 'unblock', 'ida')
    await done('users', 'remove', 'ida')
    const ofIda = (await deeds()).filter(({ detail }) => (detail as { sub?: string }).sub === 'ida')
    expect(ofIda.toReversed()).toMatchObject([
      { action: 'user-added', by: { sub: 'dateline', name: expect.stringMatching(/ at a terminal$/) } },
      { action: 'user-token-issued', detail: { jti } },
      { action: 'user-changed', detail: { roles: ['ops'] } },
      { action: 'tokens-revoked' },
      { action: 'user-blocked', detail: { reason: 'Lost her laptop.' } },
      { action: 'tokens-revoked', detail: { reason: 'Lost her laptop.' } },
      { action: 'user-unblocked' },
      { action: 'user-blocked' },
      { action: 'tokens-revoked' },
      { action: 'user-removed' },
    ])
  })

  it('[USERS6] loses no change where two change the same one at once', async () => {
    await done('users', 'add', 'karl', '--role', 'editor')
    await Promise.all([
      done('users', 'set', 'karl', '--name', 'Karl One'),
      done('users', 'set', 'karl', '--role', 'ops'),
      done('users', 'set', 'karl', '--event', 'talks'),
    ])
    expect((await list()).find(({ sub }) => sub === 'karl')).toMatchObject({
      ...{ name: 'Karl One', roles: ['ops'], events: ['talks'] },
    })
  })
})

describe('dateline token', () => {
  it('[REVOKE13] revokes a token, one by its id, and all of somebody, and lists them', async () => {
    const [whole, byId, all] = await Promise.all(
      ['lena', 'lisa', 'ludo'].map(async sub => ({ token: await server.sign({ sub }, '1h') })),
    )
    if (whole === undefined || byId === undefined || all === undefined) throw new Error('no tokens')
    const ids = [whole, byId].map(({ token }) => String(decodeJwt(token).jti))
    expect((await run(['token', '--revoke', whole.token])).stdout).toBe(`Revoked: the token ${ids[0]}.\n`)
    await done('token', '--revoke', String(ids[1]), '--reason', 'Seen on a screenshot.')
    expect((await run(['token', '--revoke-all', 'ludo'])).stdout).toMatch(
      /^Revoked: all tokens of ludo .* until .*Z\.\n$/,
    )
    for (const token of [whole, byId, all]) await expectRevoked(token)
    const { revocations } = await done<{ revocations: object[] }>('token', '--list-revoked')
    expect(revocations.slice(0, 3)).toMatchObject([
      { sub: 'ludo' },
      { jti: ids[1], reason: 'Seen on a screenshot.' },
      { jti: ids[0], by: expect.stringMatching(/ at a terminal$/) },
    ])
    expect((await run(['token', '--list-revoked'])).stdout).toMatch(/^\S+Z {2}all of {2}ludo/)
  })

  it('[REVOKE13] says what it cannot revoke', async () => {
    const gone = await server.sign({}, '-1m')
    for (const token of [gone, `${gone}x`]) {
      const { exitCode, said } = await refused('token', '--revoke', token)
      expect(exitCode).toBe(1)
      expect(said).toMatch(/^It does not hold anyway/)
    }
    for (const args of [
      ['token'],
      ['token', '--revoke', ''],
      ['token', '--revoke-all', ' '],
      ['token', '--revoke', 'a', '--revoke-all', 'b'],
      ['token', '--revoke', 'a', '--role', 'ops'],
      ['token', '--revoke', 'a', '--reason', 'a'.repeat(501)],
    ]) {
      expect((await refused(...args)).exitCode, args.join(' ')).toBe(2)
    }
    expect(await refused('token', '--role', 'ops', '--expires', '400d')).toMatchObject({ exitCode: 1 })
  })
})

/** The command is another process, as it were: this one is told of it. */
async function expectRevoked(as: { token: string }): Promise<void> {
  await expect.poll(async () => (await call('GET', '/v1/events', { as })).status, { timeout: 5_000 }).toBe(401)
  expectProblem(await call('GET', '/v1/events', { as }), 'token-needed', REVOKED)
}
