import { useState } from 'preact/hooks'
import type { DatelineClient } from '../../../src/client/types.ts'
import type { OpsApi } from '../ops-api.ts'
import { Panel, Reading } from '../parts/panel.tsx'
import { usePolled } from '../parts/use-polled.ts'
import { ReplayCard } from './replay-card.tsx'
import { ReplayForm } from './replay-form.tsx'

export interface ReplaysPanelProps {
  readonly api: OpsApi
  readonly client: DatelineClient
  readonly eventId: string
  readonly token: string | undefined
  /** The feed's last entry, where it is known. */
  readonly last: number | undefined
}

const EVERY_MS = 1_000

/** The rehearsals of an event: begin one, steer it, watch it. */
export function ReplaysPanel({ api, client, eventId, token, last }: ReplaysPanelProps) {
  const replays = usePolled(signal => api.replays(eventId, signal), { everyMs: EVERY_MS, key: eventId })
  const [said, say] = useState('')
  return (
    <Panel
      title="Replays"
      hint="Sends the feed’s entries again into a rehearsal room of its own. Readers of the live event notice nothing."
    >
      <Reading polled={replays} what="the replays">
        {list => (
          <ol class="replays">
            {list.map(replay => (
              <ReplayCard
                key={replay.id}
                api={api}
                client={client}
                replay={replay}
                token={token}
                reload={replays.reload}
                tell={say}
              />
            ))}
          </ol>
        )}
      </Reading>
      <p class="said" role="status">
        {said}
      </p>
      <ReplayForm api={api} eventId={eventId} last={last} reload={replays.reload} />
    </Panel>
  )
}
