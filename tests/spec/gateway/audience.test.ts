import { describe, expect, it } from 'vitest'
import { Audience } from '../../../src/gateway/audience.ts'
import { type EntryFrame, entryFrame, type Parcel } from '../../../src/gateway/frame.ts'
import type { Viewer } from '../../../src/gateway/viewer.ts'

function frame(seq: number): EntryFrame {
  const line = JSON.stringify({ seq, chain: 'a'.repeat(40), at: '2026-11-24T10:00:00.000Z', type: 'event' })
  const made = entryFrame('talks', 'epoch1', line)
  if (made === undefined) throw new Error('no frame')
  return made
}

/** A viewer that notes the seqs of each write; it can take no more while `isBehind`. */
function aViewer(): Viewer & { writes: number[][]; isBehind: boolean } {
  return {
    writes: [],
    isBehind: false,
    subject: undefined,
    send({ frames }: Parcel) {
      if (this.isBehind) return false
      this.writes.push(frames.map(each => Number(/"seq":(\d+)/.exec(each.packet)?.[1])))
      return true
    },
    waitingBytes: () => 0,
    tell: () => {},
    tellWhenRead: () => {},
  }
}

function anAudience() {
  const sent: { seqs: number[]; viewers: number }[] = []
  const behind: Viewer[] = []
  const audience = new Audience(
    (frames, { viewers }) => sent.push({ seqs: frames.map(({ seq }) => seq), viewers }),
    viewer => behind.push(viewer),
  )
  return { audience, sent, behind }
}

describe('the audience of a room', () => {
  it('[FAST4] gives those in step all that came in one tick by one write', async () => {
    const { audience, sent } = anAudience()
    const [one, two] = [aViewer(), aViewer()]
    audience.add(one, 4)
    audience.add(two, 4)
    for (const seq of [5, 6, 7]) audience.send(frame(seq))
    expect(one.writes).toEqual([])
    await Promise.resolve()
    expect([one.writes, two.writes]).toEqual([[[5, 6, 7]], [[5, 6, 7]]])
    expect(sent).toEqual([{ seqs: [5, 6, 7], viewers: 2 }])
  })

  it('[FAST4] gives each only what it has not got, wherever it stands', () => {
    const { audience } = anAudience()
    const [inStep, ahead, farAhead, late] = [aViewer(), aViewer(), aViewer(), aViewer()]
    audience.add(inStep, 4)
    audience.add(ahead, 6)
    audience.add(farAhead, 9)
    for (const seq of [5, 6, 7]) audience.send(frame(seq))
    audience.flush()
    audience.add(late, 7)
    for (const seq of [8, 9, 10]) audience.send(frame(seq))
    audience.flush()
    expect(inStep.writes).toEqual([
      [5, 6, 7],
      [8, 9, 10],
    ])
    expect(ahead.writes).toEqual([[7], [8, 9, 10]])
    expect(farAhead.writes).toEqual([[10]])
    expect(late.writes).toEqual([[8, 9, 10]])
    expect(audience.size).toBe(4)
  })

  it('[FAST4] goes on when all who are in step have gone, or stand beyond what is sent', () => {
    const { audience } = anAudience()
    const [first, second, third] = [aViewer(), aViewer(), aViewer()]
    audience.add(first, 4)
    audience.add(second, 5)
    audience.remove(first)
    audience.add(third, 9)
    for (const seq of [5, 6]) audience.send(frame(seq))
    audience.flush()
    for (const seq of [7, 8, 9, 10]) audience.send(frame(seq))
    audience.flush()
    expect(first.writes).toEqual([])
    expect(second.writes).toEqual([[6], [7, 8, 9, 10]])
    expect(third.writes).toEqual([[10]])
  })

  it('[FAST4] lets one go that is too far behind, and sends the others on', () => {
    const { audience, behind } = anAudience()
    const [slow, quick] = [aViewer(), aViewer()]
    audience.add(slow, 4)
    audience.add(quick, 4)
    slow.isBehind = true
    audience.send(frame(5))
    audience.flush()
    expect(behind).toEqual([slow])
    expect(quick.writes).toEqual([[5]])
    expect(audience.size).toBe(1)
  })

  it('[FAST4] sends once more only to those who have it', () => {
    const { audience } = anAudience()
    const [here, ahead] = [aViewer(), aViewer()]
    audience.add(here, 4)
    audience.add(ahead, 6)
    audience.sendAgain(frame(6))
    expect(here.writes).toEqual([])
    expect(ahead.writes).toEqual([[6]])
    audience.clear()
    audience.add(here, 1)
    audience.send(frame(2))
    audience.flush()
    expect(here.writes).toEqual([[2]])
  })
})
