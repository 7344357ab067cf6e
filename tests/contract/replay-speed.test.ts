import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { letViewersRead } from '../../src/gateway/rehearsal-pace.ts'
import type { Replay } from '../../src/protocol/replay.ts'
import { commitDatedEvent } from '../support/dated-event.ts'
import { rehearsalViewer } from '../support/rehearsal-viewer.ts'
import { startServer, type TestServer } from '../support/server.ts'

const ENTRIES = 2_500

let server: TestServer

beforeAll(async () => {
  server = await startServer()
  const began = Date.parse('2026-11-24T10:00:00.000Z')
  const moments = Array.from({ length: ENTRIES }, (_, n) => new Date(began + n * 1_000))
  await commitDatedEvent(server.store, 'long', moments)
}, 120_000)
afterAll(() => server.stop())

async function ask(method: string, path: string, body: object): Promise<Replay> {
  const answer = await fetch(`${server.url}/v1/events/long/replays${path}`, {
    method,
    headers: { Authorization: `Bearer ${server.tokens.ops}`, 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  })
  expect(answer.ok).toBe(true)
  return (await answer.json()) as Replay
}

describe('a replay at full speed', { timeout: 60_000 }, () => {
  it('[REPLAY18] gives its viewer every entry once and in order, lap by lap', async () => {
    const replay = await ask('POST', '', { speed: 'step' })
    const viewer = rehearsalViewer(server.url, server.tokens.ops, replay)
    try {
      await vi.waitFor(() => expect(viewer.seq).toBe(0), 10_000)
      await ask('PATCH', `/${replay.id}`, { speed: 'max' })
      await vi.waitFor(() => expect(viewer.seq).toBe(ENTRIES), 30_000)
      await ask('PATCH', `/${replay.id}`, { seq: 1, state: 'paused' })
      await vi.waitFor(() => expect(viewer.lap).toMatchObject({ epoch: `${replay.id}:2`, from: 0 }), 10_000)
      await ask('PATCH', `/${replay.id}`, { state: 'running' })
      await vi.waitFor(() => expect(viewer.seq).toBe(ENTRIES), 30_000)
      expect(viewer.faults).toEqual([])
      const read = await server.store.reader.linesAfter('long', { seq: 0 }, ENTRIES)
      const lines = read.found ? read.lines : []
      expect(lines).toHaveLength(ENTRIES)
      for (const lap of viewer.laps) expect(lap.entries.map(({ line }) => line)).toEqual(lines)
    } finally {
      viewer.close()
    }
  })

  it('[REPLAY18] waits until its viewers have read, and not for one who reads nothing', async () => {
    const audience = { mostWaitingBytes: 1_000_000 }
    let isOver = false
    const reading = letViewersRead(audience).then(() => {
      isOver = true
    })
    await new Promise(resolve => setImmediate(resolve))
    expect(isOver).toBe(false)
    audience.mostWaitingBytes = 1_000
    await reading
    await letViewersRead({ mostWaitingBytes: 1_000_000 }) // ends by itself
    await letViewersRead({ mostWaitingBytes: 0 })
  })
})
