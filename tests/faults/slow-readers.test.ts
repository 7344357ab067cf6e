import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, expect, it, vi } from 'vitest'
import { startBadNetwork } from '../support/bad-network.ts'
import { startHouse } from '../support/house.ts'
import { pacingViewer } from '../support/pacing-viewer.ts'
import { plainViewer } from '../support/plain-viewer.ts'
import { parseMetrics, valueIn } from '../support/prometheus.ts'
import { returningStream } from '../support/returning-stream.ts'
import { expectSameFeed, pick, readFeed, send } from '../support/steady-editor.ts'

/** `npm run test:faults` runs in full size. */
const SIZE =
  process.env['FULL'] === '1'
    ? { slow: 50, normal: 200, forMs: 60_000, sentences: 200 }
    : { slow: 20, normal: 40, forMs: 20_000, sentences: 600 }
const UPDATES_PER_S = 20
/** The system's own buffers hold some MB for each reader, which does not count as behind: more than that has to be sent. */
const BODY = 'They spoke for a long time. '.repeat(SIZE.sentences)
/** What the slow may cost a gateway: for each a bounded queue, and what Node needs to hold it. */
const MB_FOR_EACH = 4
/** Two gateways on one busy machine differ by some ms. */
const NOISE_MS = 25

const cleanups: (() => Promise<unknown> | unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

it('[NET4] [P9] gives others their entries as fast beside readers of 1 KB a second as without them, in bounded memory', {
  timeout: SIZE.forMs + 120_000,
}, async () => {
  const house = await startHouse({ gateways: 2 })
  cleanups.push(house.close)
  const [withSlow, without] = [pick(house.urls('gateway'), 0), pick(house.urls('gateway'), 1)]
  const editor = { token: await house.token('editor'), apis: house.urls('api') }
  await send(editor, 0, 'POST', '/v1/events', { id: 'talks', headline: 'Talks' })

  // The same entries at the same time, to as many viewers of either gateway: what disturbs the machine disturbs both.
  const normal = [withSlow, without].map(url => Array.from({ length: SIZE.normal }, () => pacingViewer(url, 'talks')))
  const strict = plainViewer(withSlow, 'talks')
  for (const viewer of [...normal.flat(), strict]) cleanups.push(viewer.close)
  await vi.waitFor(() => expect(normal.flat().every(({ isJoined }) => isJoined)).toBe(true), 20_000)
  const network = await startBadNetwork(withSlow, { fates: ['slow'], afterMs: { least: 0, most: 0 } })
  cleanups.push(network.stop)
  for (let n = 0; n < SIZE.slow; n++) cleanups.push(pick([plainViewer, returningStream], n)(network.url, 'talks').close)
  await vi.waitFor(() => expect(network.met.get('slow')).toBeGreaterThanOrEqual(SIZE.slow), 20_000)

  const pids = [house.process('gateway', 0).pid, house.process('gateway', 1).pid]
  const most = [0, 0]
  const posts: Promise<unknown>[] = []
  const began = performance.now()
  while (performance.now() - began < SIZE.forMs) {
    const due = ((performance.now() - began) / 1_000) * UPDATES_PER_S
    while (posts.length < due) posts.push(send(editor, 0, 'POST', '/v1/events/talks/updates', { body: BODY }))
    for (const [n, pid] of pids.entries()) most[n] = Math.max(most[n] ?? 0, await residentMb(pid))
    await sleep(50)
  }
  await Promise.all(posts)
  await vi.waitFor(async () => expect(await readFeed(editor, 'talks')).toHaveLength(posts.length + 1), 30_000)
  await expectSameFeed(strict, await readFeed(editor, 'talks'))

  const headers = { authorization: `Bearer ${await house.token('ops')}` }
  const metrics = parseMetrics(await (await fetch(`${withSlow}/metrics`, { headers })).text())
  const restarts = valueIn(metrics, 'dateline_restarts_total{reason="too-far-behind"}')
  const drops = valueIn(metrics, 'dateline_drops_total{reason="behind"}')
  const [beside, alone] = normal.map(viewers => viewers.flatMap(({ delaysMs }) => delaysMs).toSorted((a, b) => a - b))
  const told = [0.5, 0.95].map(share => ({ share, beside: quantile(beside, share), alone: quantile(alone, share) }))
  console.log(
    told
      .map(({ share, beside, alone }) => `p${share * 100}: ${beside} ms beside slow readers, ${alone} ms without`)
      .join('; '),
    `; most MB: ${most.join(' and ')}; restarts ${restarts}, drops ${drops}`,
  )
  expect(restarts, 'slow readers that fell behind').toBeGreaterThanOrEqual(SIZE.slow / 2)
  for (const viewer of normal.flat()) expect(viewer.delaysMs).toHaveLength(posts.length)
  for (const { beside, alone } of told) expect(beside).toBeLessThanOrEqual(1.5 * alone + NOISE_MS)
  expect((most[0] ?? 0) - (most[1] ?? 0)).toBeLessThan(SIZE.slow * MB_FOR_EACH)
})

function quantile(sorted: readonly number[] | undefined, share: number): number {
  return sorted?.[Math.floor(sorted.length * share)] ?? Number.NaN
}

async function residentMb(pid: number): Promise<number> {
  const [, kb] = /VmRSS:\s+(\d+) kB/.exec(await readFile(`/proc/${pid}/status`, 'utf8')) ?? []
  return Math.round(Number(kb) / 1_024)
}
