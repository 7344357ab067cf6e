import { describe, expect, it } from 'vitest'
import { Audience } from '../../src/gateway/audience.ts'
import { type EntryFrame, entryFrame } from '../../src/gateway/frame.ts'
import type { Viewer } from '../../src/gateway/viewer.ts'

function frameOf(seq: number): EntryFrame {
  const frame = entryFrame('talks', 'e', `{"seq":${seq},"chain":"${'a'.repeat(40)}","type":"event"}`)
  if (frame === undefined) throw new Error('no frame')
  return frame
}

/** A viewer that notes which entries it was sent, write by write. */
function noting() {
  const writes: number[][] = []
  const viewer: Viewer = {
    subject: undefined,
    send({ frames, bytes }) {
      expect(bytes).toEqual(Buffer.concat(frames.map(frame => frame.bytes)))
      writes.push(frames.map(frame => (frame as EntryFrame).seq))
      return true
    },
    waitingBytes: () => 0,
    tell() {},
    tellWhenRead() {},
  }
  return { viewer, writes }
}

/** For tests that do not ask what was measured. */
const unheard = () => {}

const tick = () => new Promise(resolve => setImmediate(resolve))

describe('an audience', () => {
  it('[SOCKET11] is sent what comes in one tick in one write', async () => {
    const audience = new Audience(unheard, unheard)
    const { viewer, writes } = noting()
    audience.add(viewer, 1)
    for (const seq of [2, 3, 4]) audience.send(frameOf(seq))
    await tick()
    audience.send(frameOf(5))
    await tick()
    expect(writes).toEqual([[2, 3, 4], [5]])
  })

  it('[SOCKET11] skips who knows a later entry, until the feed has passed that', async () => {
    const audience = new Audience(unheard, unheard)
    const { viewer, writes } = noting()
    audience.add(viewer, 4)
    for (const seq of [2, 3]) {
      audience.send(frameOf(seq))
      await tick()
    }
    for (const seq of [4, 5, 6]) audience.send(frameOf(seq))
    await tick()
    expect(writes).toEqual([[5, 6]])
  })

  it('[SOCKET11] is sent what waits before somebody is added who knows it already', async () => {
    const audience = new Audience(unheard, unheard)
    const [early, late] = [noting(), noting()]
    audience.add(early.viewer, 1)
    audience.send(frameOf(2))
    audience.flush()
    expect(early.writes).toEqual([[2]])
    audience.add(late.viewer, 2)
    audience.send(frameOf(3))
    await tick()
    expect([early.writes, late.writes]).toEqual([[[2], [3]], [[3]]])
  })

  it('[SOCKET9] sends nothing more to who was removed, not even what waits', async () => {
    const audience = new Audience(unheard, unheard)
    const { viewer, writes } = noting()
    audience.add(viewer, 1)
    audience.send(frameOf(2))
    audience.remove(viewer)
    await tick()
    expect([writes, audience.size]).toEqual([[], 0])
  })

  it('[METRIC4] tells once of what was sent, after the last viewer, and never of what nobody was sent', async () => {
    const told: string[] = []
    const audience = new Audience(frames => told.push(`told ${frames.map(frame => frame.seq)}`), unheard)
    audience.send(frameOf(2))
    await tick()
    for (const name of ['anna', 'boris']) {
      const send = () => told.push(name) > 0
      const viewer: Viewer = { subject: undefined, send, waitingBytes: () => 0, tell() {}, tellWhenRead() {} }
      audience.add(viewer, 2)
    }
    for (const seq of [3, 4]) audience.send(frameOf(seq))
    await tick()
    audience.sendAgain(frameOf(4))
    expect(told).toEqual(['anna', 'boris', 'told 3,4', 'anna', 'boris'])
  })

  it('[SOCKET11] loses who can take no more, says so, and goes on with the others', async () => {
    const behind: Viewer[] = []
    const audience = new Audience(unheard, viewer => behind.push(viewer))
    const slow: Viewer = { ...noting().viewer, send: () => false }
    const { viewer, writes } = noting()
    audience.add(slow, 1)
    audience.add(viewer, 1)
    for (const seq of [2, 3]) {
      audience.send(frameOf(seq))
      await tick()
    }
    expect(behind).toEqual([slow])
    expect(audience.size).toBe(1)
    expect(writes).toEqual([[2], [3]])
  })
})
