import { once } from 'node:events'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { MAX_MESSAGE_BYTES } from '../../src/gateway/gateway.ts'
import { callsTo, type ExpectedProblem } from '../support/http.ts'
import { startServer } from '../support/server.ts'
import { expectRefused, viewersOf } from '../support/socket-viewer.ts'

const server = await startServer()
const { createEvent, publish } = callsTo(server)
const { connect } = viewersOf(server)
await createEvent({ id: 'talks' })
await createEvent({ id: 'other' })

afterAll(() => server.stop())

/** Whatever was sent, the next viewer gets in and is sent what is published. */
afterEach(async () => {
  const viewer = await connect()
  const answer = await viewer.join('talks')
  await publish('talks', { body: 'Still here.' })
  await viewer.reaches(answer.result === 'refused' ? 0 : answer.position.seq + 1)
  viewer.expectNoGap()
})

const SLUG = 'Must be a slug: a-z, 0-9 and -, at most 64 characters.'
const position = { epoch: 'e', seq: 1, chain: 'a'.repeat(40) }

describe('join', () => {
  const bad: [what: string, request: unknown, errors: ExpectedProblem['errors']][] = [
    ['null', null, ['#']],
    ['a string', 'talks', ['#']],
    ['a number', 7, ['#']],
    ['a list', ['talks', 'other'], ['#']],
    ['nothing in it', {}, ['#/eventId']],
    ['binary data inside', { eventId: Buffer.from('talks') }, ['#/eventId']],
    ['a list of rooms', { eventId: ['talks', 'other'] }, ['#/eventId']],
    ['2,000 rooms', { eventId: Array(2_000).fill('talks') }, ['#/eventId']],
    ['a room that is an object', { eventId: { id: 'talks' } }, ['#/eventId']],
    ['a room that is null', { eventId: null }, ['#/eventId']],
    ...['..%2f', 'a:b', '{x}', 'Talks', '', '../talks', 'talks\u0000', '__proto__', 'a'.repeat(65)].map(
      (eventId): [string, unknown, ExpectedProblem['errors']] => [
        `the id ${JSON.stringify(eventId)}`,
        { eventId },
        [['#/eventId', SLUG]],
      ],
    ),
    ['the id import', { eventId: 'import' }, [['#/eventId', '`import` is no event id.']]],
    ['an unknown field', { eventId: 'talks', surprise: 1 }, [['#/surprise', 'This field is not known.']]],
    ['constructor', { eventId: 'talks', constructor: 1 }, [['#/constructor', 'This field is not known.']]],
    [
      '__proto__',
      JSON.parse('{"eventId":"talks","__proto__":{"isAdmin":true}}'),
      [['#/__proto__', 'This field is not known.']],
    ],
    ['a position that is a number', { eventId: 'talks', after: 5 }, ['#/after']],
    ['a position that is a string', { eventId: 'talks', after: 'e:1:' }, ['#/after']],
    ['a position without its seq', { eventId: 'talks', after: { epoch: 'e' } }, ['#/after/seq']],
    ['a seq of half', { eventId: 'talks', after: { ...position, seq: 1.5 } }, ['#/after/seq']],
    ['a seq below 0', { eventId: 'talks', after: { ...position, seq: -1 } }, ['#/after/seq']],
    ['a seq that is too large', { eventId: 'talks', after: { ...position, seq: 1e300 } }, ['#/after/seq']],
    ['a seq that is a string', { eventId: 'talks', after: { ...position, seq: '1' } }, ['#/after/seq']],
    ['an epoch that is empty', { eventId: 'talks', after: { ...position, epoch: '' } }, ['#/after/epoch']],
    ['a chain that is none', { eventId: 'talks', after: { ...position, chain: 'zz' } }, ['#/after/chain']],
    [
      'an unknown field of the position',
      { eventId: 'talks', after: { ...position, x: 1 } },
      [['#/after/x', 'This field is not known.']],
    ],
    ['a replay that is no string', { eventId: 'talks', replay: 7 }, ['#/replay']],
  ]

  it.each(bad)('[SOCKET3] is refused with %s', async (_what, request, errors) => {
    const viewer = await connect()
    expectRefused(await viewer.ask('join', request), 'invalid-request', { errors: errors ?? [] })
    expect(({} as Record<string, unknown>)['isAdmin']).toBeUndefined()
    expect(viewer.socket.connected).toBe(true)
    await publish('talks')
    expect((await viewer.join('talks')).result).toBe('restarted')
    expect(viewer.entries).toEqual([])
  })

  it('[SOCKET3] is refused with binary data in place of an object', async () => {
    const viewer = await connect()
    const answer = await viewer.ask('join', Buffer.from('talks'))
    expect(answer).toMatchObject({ result: 'refused', problem: { type: '/problems/invalid-request', status: 400 } })
    expect((await viewer.join('talks')).result).toBe('restarted')
  })

  it('[SOCKET3] of an event that does not exist is refused', async () => {
    const viewer = await connect()
    expectRefused(await viewer.join('missing'), 'event-not-found', { detail: 'There is no event missing.' })
    expectRefused(await viewer.ask('join', { eventId: 'talks', replay: 'r1' }), 'token-needed')
    await createEvent({ id: 'missing' })
    expect((await viewer.join('missing')).result).toBe('restarted')
  })
})

describe('leave and refresh', () => {
  it.each([
    ['leave', null, ['#']],
    ['leave', 'talks', ['#']],
    ['leave', ['talks'], ['#']],
    ['leave', {}, ['#/eventId']],
    ['leave', { eventId: ['talks'] }, ['#/eventId']],
    ['leave', { eventId: 'talks', all: true }, ['#/all']],
    ['refresh', null, ['#']],
    ['refresh', 'token', ['#']],
    ['refresh', {}, ['#/token']],
    ['refresh', { token: '' }, ['#/token']],
    ['refresh', { token: 7 }, ['#/token']],
    ['refresh', { token: 'a'.repeat(4_097) }, ['#/token']],
    ['refresh', { token: 'a', roles: ['ops'] }, ['#/roles']],
  ])('[SOCKET3] %s is refused with %j', async (name, request, errors) => {
    const viewer = await connect()
    expectRefused(await viewer.ask(name, request), 'invalid-request', { errors })
  })
})

describe.each(['join', 'leave', 'refresh'])('%s', name => {
  const request = name === 'refresh' ? { token: server.tokens.editor } : { eventId: 'talks' }

  it.each([
    ['two objects', [request, request]],
    ['nothing', []],
    ['a string behind it', [request, 'ack']],
  ])('[SOCKET4] with %s before the ack is refused', async (_what, args) => {
    const viewer = await connect()
    const detail = `${name} takes one object and an ack.`
    expectRefused(await viewer.ask(name, ...args), 'invalid-request', { detail })
  })

  it.each([
    ['no ack', [request]],
    ['an ack that is a string', [request, 'ack']],
    ['an ack that is an object', [request, { call: 'me' }]],
    ['nothing at all', []],
    ['rubbish and no ack', [null]],
  ])('[SOCKET4] is passed over with %s', async (_what, args) => {
    const viewer = await connect()
    const emitter = viewer.socket as unknown as { emit(name: string, ...args: readonly unknown[]): void }
    emitter.emit(name, ...args)
    await publish('talks')
    expect(await viewer.ask('leave', { eventId: 'other' })).toEqual({ result: 'done' })
    expect(viewer.entries).toEqual([])
  })
})

describe('a message', () => {
  it('[SOCKET5] over 16 KB ends its connection, and no other', async () => {
    const [sender, other] = [await connect(), await connect()]
    await other.join('talks')
    const ended = new Promise(resolve => sender.socket.once('disconnect', resolve))
    sender.socket.emit('join', { eventId: 'a'.repeat(MAX_MESSAGE_BYTES) }, () => {})
    await ended
    await publish('talks')
    await other.reaches(other.entries.length + 1)
    expect(other.socket.connected).toBe(true)
    other.expectNoGap()
  })

  it('[SOCKET5] that asks for 5,000 rooms joins none', async () => {
    const sender = await connect()
    const ended = new Promise(resolve => sender.socket.once('disconnect', resolve))
    void sender.ask('join', { eventId: Array(5_000).fill('talks') }).catch(() => {})
    await ended
    await publish('talks')
    expect(sender.entries).toEqual([])
  })

  it('[SOCKET5] that nobody knows is passed over', async () => {
    const viewer = await connect()
    const emitter = viewer.socket as unknown as { emit(name: string, ...args: readonly unknown[]): void }
    for (const name of ['entry', 'beacon', 'notice', 'error', 'message', '__proto__', 'constructor', 'toString', '']) {
      emitter.emit(name, { eventId: 'talks' })
      emitter.emit(name, { eventId: 'talks' }, () => {})
    }
    expect((await viewer.join('talks')).result).toBe('restarted')
  })
})

describe('a packet that is none', () => {
  const packets: (string | Buffer)[] = [
    '',
    'rubbish',
    '9',
    '1',
    '2probe',
    '3',
    '5',
    '6',
    '4',
    '4rubbish',
    '40',
    '40null',
    '40[]',
    '40"x"',
    '40{"token":',
    '40/admin,',
    '40/admin,{}',
    '40/%00,',
    '41',
    '42',
    '42[',
    '42{}',
    '42[]',
    '42[1]',
    '42[null]',
    '42[["join"]]',
    '42["join"',
    '42["connect"]',
    '42["disconnect"]',
    '42["disconnecting"]',
    '42["newListener","x"]',
    '42["error","x"]',
    '42["__proto__",{}]',
    '42["join",{"eventId":"talks"}]',
    '42999999999999999999["join",{"eventId":"talks"}]',
    '42-1["join",{"eventId":"talks"}]',
    `42${'['.repeat(16_000)}`,
    '43',
    '430',
    '430["x"]',
    '43999["x"]',
    '44',
    '44"x"',
    '45',
    '450-["join"]',
    '451-["join",{"_placeholder":true,"num":9}]',
    '451-["join",{"_placeholder":true,"num":"constructor"}]',
    '4599999999999999999999-["join"]',
    '461-0[]',
    '47',
    '4\ud83d\ude00',
    Buffer.from([4]),
    Buffer.from([0xff, 0x00, 0xff]),
    Buffer.alloc(0),
    Buffer.alloc(10_000),
  ]

  it.each(packets.map(packet => [typeof packet === 'string' ? packet.slice(0, 60) : `${packet.length} bytes`, packet]))(
    '[SOCKET6] harms nobody: %s',
    async (_what, packet) => {
      for (const beforehand of [[], ['40']]) {
        const ws = new WebSocket(`${server.url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`)
        const closed = once(ws, 'close')
        const answered = new Promise(resolve => {
          ws.on('message', data => {
            if (String(data).startsWith('437[')) resolve('answered')
          })
        })
        await once(ws, 'open')
        for (const text of beforehand) ws.send(text)
        ws.send(packet)
        if (beforehand.length === 0) ws.send('40')
        ws.send('427["join",{"eventId":"talks"}]')
        await Promise.race([closed, answered]) // one of both: it is sent away, or served like anybody
        ws.close()
        await closed
      }
    },
  )

  it('[SOCKET6] in great number harms nobody', async () => {
    const ws = new WebSocket(`${server.url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`)
    const closed = once(ws, 'close')
    await once(ws, 'open')
    ws.send('40')
    for (let i = 0; i < 2_000; i++) ws.send(`42${i}["join",{"eventId":"no-event-${i % 50}"}]`)
    ws.send('49')
    await closed
  })
})
