import { describe, expect, it } from 'vitest'
import type { EntryFrame } from '../../../src/gateway/frame.ts'
import { isOriginAllowed } from '../../../src/gateway/origin.ts'
import { type JoinPlan, MAX_CATCH_UP_ENTRIES, planJoin } from '../../../src/gateway/plan-join.ts'
import { MAX_TAIL_BYTES, MAX_TAIL_ENTRIES, Tail } from '../../../src/gateway/tail.ts'
import type { PositionInput } from '../../../src/protocol/position.ts'

const chainOf = (seq: number) => seq.toString(16).padStart(40, '0')
const frame = (seq: number, bytes = 100): EntryFrame => ({
  seq,
  chain: chainOf(seq),
  line: `line ${seq}`,
  packet: '',
  bytes: Buffer.alloc(bytes),
  byteLength: bytes,
  write: (_into, at) => at + bytes,
  streamBytes: Buffer.alloc(0),
})

function tailOf(base: number, last: number): Tail {
  const tail = new Tail({ seq: base, chain: chainOf(base) })
  for (let seq = base + 1; seq <= last; seq++) tail.push(frame(seq))
  return tail
}

describe("a room's tail", () => {
  it(`[ROOM2] keeps the last ${MAX_TAIL_ENTRIES} entries without a hole`, () => {
    const tail = tailOf(0, MAX_TAIL_ENTRIES + 10)
    expect(tail.baseSeq).toBe(10)
    expect(tail.after(9)).toBeUndefined()
    expect(tail.after(10)?.map(({ seq }) => seq)).toEqual(Array.from({ length: MAX_TAIL_ENTRIES }, (_, i) => i + 11))
    expect(tail.after(tail.seq)).toEqual([])
  })

  it('[ROOM2] keeps no more than 1 MB, but always the last entry', () => {
    const tail = new Tail({ seq: 0, chain: chainOf(0) })
    for (let seq = 1; seq <= 5; seq++) tail.push(frame(seq, MAX_TAIL_BYTES / 2))
    expect(tail.after(tail.baseSeq)).toHaveLength(2)
    tail.push(frame(6, MAX_TAIL_BYTES * 2))
    expect(tail.after(tail.baseSeq)?.map(({ seq }) => seq)).toEqual([6])
  })

  it('[ROOM2] knows the chain at each place that it reaches', () => {
    const tail = tailOf(7, 9)
    expect([6, 7, 8, 9, 10].map(seq => tail.chainAt(seq))).toEqual([
      undefined,
      chainOf(7),
      chainOf(8),
      chainOf(9),
      undefined,
    ])
  })
})

describe('a join', () => {
  const room = { epoch: 'e1', tail: tailOf(2_000, 2_100) }
  const cases: [string, PositionInput | null, JoinPlan, JoinPlan?][] = [
    ['from nothing gets a snapshot', null, { do: 'restart', reason: 'first-visit' }],
    ['from the last entry resumes', { epoch: 'e1', seq: 2_100 }, { do: 'resume', seq: 2_100 }],
    ['from inside the tail resumes', { epoch: 'e1', seq: 2_050, chain: chainOf(2_050) }, { do: 'resume', seq: 2_050 }],
    [
      'from where the tail begins resumes',
      { epoch: 'e1', seq: 2_000, chain: chainOf(2_000) },
      { do: 'resume', seq: 2_000 },
    ],
    ['with an empty chain is not checked', { epoch: 'e1', seq: 2_050, chain: '' }, { do: 'resume', seq: 2_050 }],
    [
      'with another chain restarts',
      { epoch: 'e1', seq: 2_050, chain: chainOf(1) },
      { do: 'restart', reason: 'chain-mismatch' },
    ],
    ['from before the tail is read from Redis', { epoch: 'e1', seq: 1_999 }, { do: 'page' }],
    [
      'from as far back as allowed is read from Redis',
      { epoch: 'e1', seq: 2_100 - MAX_CATCH_UP_ENTRIES },
      { do: 'page' },
    ],
    [
      'from further back restarts',
      { epoch: 'e1', seq: 2_099 - MAX_CATCH_UP_ENTRIES },
      { do: 'restart', reason: 'too-far-behind' },
    ],
    [
      'from ahead of the room compares with Redis first',
      { epoch: 'e1', seq: 2_101 },
      { do: 'compare' },
      { do: 'restart', reason: 'ahead-of-feed' },
    ],
    [
      'from another epoch compares with Redis first',
      { epoch: 'e0', seq: 2_050 },
      { do: 'compare' },
      { do: 'restart', reason: 'epoch-changed' },
    ],
  ]
  it.each(cases)('[ROOM1] %s', (_title, after, plan, compared = plan) => {
    expect(planJoin(after, room, false)).toEqual(plan)
    expect(planJoin(after, room, true)).toEqual(compared)
  })
})

describe('an origin', () => {
  it.each([
    ['none (a program)', undefined, true],
    ["the gateway's own", 'https://live.example', true],
    ['a listed one', 'https://news.example', true],
    ['the same host on another port', 'https://live.example:444', false],
    ['another', 'https://evil.example', false],
    ['one that only begins alike', 'https://live.example.evil.example', false],
    ['an opaque one', 'null', false],
  ])('[ROOM5] %s: allowed is %s', (_title, origin, allowed) => {
    const headers = { host: 'live.example', ...(origin === undefined ? {} : { origin }) }
    expect(isOriginAllowed({ headers }, ['https://news.example'])).toBe(allowed)
  })
})
