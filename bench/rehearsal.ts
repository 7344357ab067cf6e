import { type Replay, replayEpoch } from '../src/protocol/replay.ts'
import type { BenchProcess } from './child-process.ts'
import { clockMs } from './clock.ts'
import type { RehearsalCalls } from './rehearsal-client.ts'

export interface RehearsalNeeds {
  readonly api: string
  readonly gateway: string
  readonly token: string
  readonly eventId: string
  readonly viewer: BenchProcess<RehearsalCalls>
}

export interface Rehearsal {
  /** Replays the whole feed once; how long it took from the request to the last entry at the viewer, in ms. */
  lap(): Promise<number>
}

const WITHIN_MS = 60_000

/** A replay at full speed, and its viewer: paused before its first entry. */
export async function openRehearsal({ api, gateway, token, eventId, viewer }: RehearsalNeeds): Promise<Rehearsal> {
  const path = `${api}/v1/events/${eventId}/replays`
  async function ask(method: string, url: string, body: object): Promise<Replay> {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
    const answer = await fetch(url, { method, headers, body: JSON.stringify(body) })
    if (!answer.ok) throw new Error(`${method} ${url} was answered with ${answer.status}: ${await answer.text()}`)
    return (await answer.json()) as Replay
  }
  const { id } = await ask('POST', path, { speed: 'step' })
  await ask('PATCH', `${path}/${id}`, { state: 'paused', speed: 'max' })
  await viewer.ask('open', { url: gateway.replace(/^http/, 'ws'), token, eventId, replay: id })

  return {
    async lap() {
      const replay = await ask('PATCH', `${path}/${id}`, { seq: 1, state: 'paused' })
      const epoch = replayEpoch(replay)
      await viewer.ask('stands', { epoch })
      const began = clockMs()
      await ask('PATCH', `${path}/${id}`, { state: 'running' })
      return (await viewer.ask('reached', { epoch, seq: replay.to, withinMs: WITHIN_MS })) - began
    },
  }
}
