import { describe, expect, it } from 'vitest'
import { ProblemError, type WatchChange } from '../../src/client/index.ts'
import { FeedTail, type Shown } from '../../src/main/cli/feed-tail.ts'
import type { Entry } from '../../src/protocol/entry.ts'
import type { Position } from '../../src/protocol/position.ts'
import type { Problem } from '../../src/protocol/problems.ts'
import type { Snapshot } from '../../src/protocol/snapshot.ts'

const at = (seq: number, epoch = 'e1', chain = `c${seq}`): Position => ({ epoch, seq, chain })
const entry = (seq: number) => ({ seq, chain: `c${seq}`, type: 'purged' }) as Entry
const view = (position: Position) => ({ position }) as Snapshot
const restarted = (position: Position, reason = 'first-visit') =>
  ({ kind: 'restarted', reason, view: view(position) }) as WatchChange
const came = (seq: number, epoch = 'e1'): WatchChange => ({
  kind: 'entry',
  entry: entry(seq),
  view: view(at(seq, epoch)),
})

const UNKNOWN = { type: '/problems/position-unknown', title: 'Unknown', status: 409, retry: false } as Problem
const AWAY = { type: '/problems/unavailable', title: 'Away', status: 503, retry: true } as Problem

/** A tail over a feed of so many entries, that is asked for pages; `refusals` come first. */
function aTail(from: number | undefined, { head = 9, refusals = [] as Problem[] } = {}) {
  const asked: string[] = []
  const troubles: string[] = []
  const http = {
    async read(path: string) {
      const query = new URL(path, 'http://x').searchParams
      asked.push(query.get('after') ?? '')
      const refusal = refusals.shift()
      if (refusal !== undefined) throw new ProblemError(refusal)
      const after = Number(query.get('after')?.split(':')[1])
      const last = Math.min(head, after + Number(query.get('limit')))
      const entries = Array.from({ length: last - after }, (_, i) => entry(after + 1 + i))
      return { status: 200, headers: new Headers(), body: { epoch: 'e1', entries, position: at(last), complete: true } }
    },
  }
  const { signal } = new AbortController()
  const tail = new FeedTail({ http, eventId: 'talks', from, signal, onTrouble: why => troubles.push(why) })
  async function take(...changes: WatchChange[]): Promise<(number | string)[]> {
    const shown: Shown[] = []
    for (const change of changes) for await (const one of tail.take(change)) shown.push(one)
    return shown.map(one => (one.type === 'restarted' ? one.reason : one.seq))
  }
  return { take, asked, troubles }
}

describe('what tail shows', () => {
  it('[CLI11] is what comes, where nothing of the past is asked for', async () => {
    const { take, asked } = aTail(undefined)
    expect(await take(restarted(at(9)), came(10), came(11))).toEqual([10, 11])
    expect(asked).toEqual([])
  })

  it('[CLI11] is what leads up to the snapshot, then what comes', async () => {
    const { take, asked } = aTail(4)
    expect(await take(restarted(at(9)), came(10))).toEqual([4, 5, 6, 7, 8, 9, 10])
    expect(asked).toEqual(['e1:3:'])
  })

  it('[CLI11] is nothing before the entry that is named, when it has not come yet', async () => {
    expect(await aTail(12).take(restarted(at(9)), came(10), came(11), came(12))).toEqual([12])
  })

  it('[CLI11] is what was missed, after a snapshot of the same feed', async () => {
    const { take, asked } = aTail(undefined)
    expect(await take(restarted(at(3)), came(4), restarted(at(9), 'too-far-behind'), came(10))).toEqual([
      4, 5, 6, 7, 8, 9, 10,
    ])
    expect(asked).toEqual(['e1:4:c4'])
  })

  it('[CLI11] waits for a server that cannot answer, and says so', async () => {
    const { take, troubles } = aTail(9, { refusals: [AWAY] })
    expect(await take(restarted(at(9)))).toEqual([9])
    expect(troubles).toEqual(['Away. Trying again.'])
  })

  it.each([
    ['of another epoch', at(9, 'e2'), []],
    ['that lost what was shown', at(2), []],
    ['that does not link', at(9), [UNKNOWN]],
  ])('[CLI12] says that a feed does not go on: one %s', async (_title, position, refusals) => {
    const { take } = aTail(undefined, { refusals })
    expect(await take(restarted(at(3)), came(4), restarted(position, 'why'))).toEqual([4, 'why'])
  })

  it('[CLI12] goes on from there with every entry, however low its number', async () => {
    const { take } = aTail(8)
    expect(await take(restarted(at(9)), restarted(at(1, 'e2'), 'epoch-changed'), came(2, 'e2'))).toEqual([
      8,
      9,
      'epoch-changed',
      2,
    ])
  })

  it('[CLI12] ends when it is refused for another reason', async () => {
    const { take } = aTail(1, { refusals: [{ ...UNKNOWN, type: '/problems/event-not-found', status: 404 }] })
    await expect(take(restarted(at(9)))).rejects.toThrow(ProblemError)
  })
})
