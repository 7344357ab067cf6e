import type { Http } from '../../client/http.ts'
import { at } from '../../client/paths.ts'
import type { Replay, ReplayPatch, ReplayRequest } from '../../protocol/replay.ts'
import type { Snapshot } from '../../protocol/snapshot.ts'
import { UsageError } from '../command-line.ts'
import { readEntries } from './read-entries.ts'
import { writeOnce } from './server.ts'

/** The commit times of more entries than these are not read: then nobody knows how long a replay takes. */
const MAX_TIMES = 20_000

export type ReplayCalls = ReturnType<typeof createReplayCalls>

/** The routes of one event's replays. All reject with a ProblemError. */
export function createReplayCalls(http: Http, eventId: string, signal: AbortSignal) {
  const path = (...rest: string[]) => at(eventId, 'replays', ...rest.map(encodeURIComponent))
  const read = async <T>(of: string) => (await http.read(of, { signal })).body as T
  const list = async () => (await read<{ replays: Replay[] }>(path())).replays

  return {
    list,
    find: (id: string) => read<Replay>(path(id)),
    async begin(body: Partial<ReplayRequest>): Promise<Replay> {
      return (await writeOnce(http, { method: 'POST', path: path(), body }, signal)) as Replay
    },
    async change(id: string, body: ReplayPatch): Promise<Replay> {
      return (await writeOnce(http, { method: 'PATCH', path: path(id), body }, signal)) as Replay
    },
    async end(id: string): Promise<void> {
      await writeOnce(http, { method: 'DELETE', path: path(id) }, signal)
    },

    /** The one that is meant where none is named: the only one that has not ended. Throws UsageError. */
    async only(): Promise<Replay> {
      const standing = (await list()).filter(({ state }) => state !== 'ended')
      const [one] = standing
      if (one !== undefined && standing.length === 1) return one
      if (one === undefined) throw new UsageError(`No replay of ${eventId} runs.`)
      throw new UsageError(`Say which replay: ${standing.map(({ id }) => id).join(', ')}.`)
    },

    /** When the entries of a replay were committed, in ms, from `from` on; undefined where there are too many to read. */
    async times({ from, to }: Replay): Promise<number[] | undefined> {
      if (to - from >= MAX_TIMES) return undefined
      const { position } = await read<Snapshot>(at(eventId, 'feed?limit=1'))
      const after = { epoch: position.epoch, seq: from - 1, chain: '' }
      const times: number[] = []
      const range = { eventId, after, to, signal, onTrouble: () => undefined }
      for await (const entry of readEntries(http, range)) times.push(Date.parse(entry.at))
      return times
    },
  }
}
