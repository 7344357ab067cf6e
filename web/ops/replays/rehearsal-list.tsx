import { useEffect, useState } from 'preact/hooks'
import type { ConnectionState, DatelineClient } from '../../../src/client/types.ts'
import type { Replay } from '../../../src/protocol/replay.ts'
import { NOTHING_YET, rehearsalAfter } from './rehearsal.ts'

/** What a viewer in the rehearsal room is sent, entry by entry. */
export function RehearsalList({ client, replay }: { client: DatelineClient; replay: Replay }) {
  const [rehearsal, setRehearsal] = useState(NOTHING_YET)
  const [state, setState] = useState<ConnectionState>({ name: 'connecting', attempt: 1 })
  useEffect(() => {
    const watch = client.watch(replay.eventId, {
      replay: replay.id,
      onChange(change) {
        if (change.kind === 'state') setState(change.state)
        else setRehearsal(before => rehearsalAfter(before, change))
      },
    })
    return () => watch.stop()
  }, [])
  const lap = rehearsal.epoch?.split(':').at(-1)
  return (
    <section class="rehearsal" aria-label={`What replay ${replay.id} sends`}>
      <p class="soft">
        {stateWords(state)}
        {lap === undefined ? '' : ` Lap ${lap}.`}
      </p>
      {rehearsal.rows.length === 0 ? <p class="soft">Nothing was sent since this list was opened.</p> : null}
      <ol class="rehearsal-rows">
        {rehearsal.rows.map(({ seq, type, line }) => (
          <li key={seq} value={seq}>
            <span class="label">{type}</span> <span dir="auto">{line}</span>
          </li>
        ))}
      </ol>
    </section>
  )
}

function stateWords(state: ConnectionState): string {
  switch (state.name) {
    case 'live':
      return state.stale ? 'Connected; entries may be delayed.' : 'Connected.'
    case 'connecting':
      return 'Connecting…'
    case 'waiting':
      return `The connection was lost: ${state.why} It is tried again by itself.`
    case 'refused':
      return `The room is closed: ${state.problem.detail ?? state.problem.title}`
    case 'stopped':
      return 'Closed.'
  }
}
