import { expect, vi } from 'vitest'
import type { Replay } from '../../src/protocol/replay.ts'
import type { EntryPage } from '../../src/protocol/snapshot.ts'
import type { House } from './house.ts'
import { parseMetrics, valueIn } from './prometheus.ts'

export interface ReplayDesk {
  ask<T>(method: string, path: string, body?: object): Promise<T>
  begin(body: object): Promise<Replay>
  read(replay: Replay): Promise<Replay>
  change(replay: Replay, body: object): Promise<Replay>
  /** The feed's entries as JSON. */
  feed(): Promise<string[]>
  /** Which of the workers has a replay in hand now. */
  playingWorker(): Promise<number>
}

/** What ops do to the replays of one event, through the first api of a house. */
export function replayDesk(house: House, token: string, eventId: string): ReplayDesk {
  const [api = ''] = house.urls('api')
  const event = `/v1/events/${eventId}`

  async function ask<T>(method: string, path: string, body?: object): Promise<T> {
    const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' }
    const given = body === undefined ? {} : { body: JSON.stringify(body) }
    const answer = await fetch(`${api}${path}`, { method, headers, ...given })
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`)
    const text = await answer.text()
    return (text === '' ? undefined : JSON.parse(text)) as T
  }

  async function replaysIn(workerUrl: string): Promise<number> {
    const answer = await fetch(`${workerUrl}/metrics`).catch(() => undefined)
    return answer === undefined ? 0 : valueIn(parseMetrics(await answer.text()), 'dateline_replays')
  }

  return {
    ask,
    begin: body => ask('POST', `${event}/replays`, body),
    read: ({ id }) => ask('GET', `${event}/replays/${id}`),
    change: ({ id }, body) => ask('PATCH', `${event}/replays/${id}`, body),
    async feed() {
      const lines: string[] = []
      for (;;) {
        const page = await ask<EntryPage>('GET', `${event}/entries?limit=1000&after=${lines.length}`)
        lines.push(...page.entries.map(entry => JSON.stringify(entry)))
        if (page.complete) return lines
      }
    },
    playingWorker: () =>
      vi.waitFor(
        async () => {
          const inHand = await Promise.all(house.urls('worker').map(replaysIn))
          const playing = inHand.findIndex(count => count > 0)
          expect(playing, 'a worker with a replay in hand').toBeGreaterThanOrEqual(0)
          return playing
        },
        { timeout: 5_000, interval: 50 },
      ),
  }
}
