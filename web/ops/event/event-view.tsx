import type { DatelineClient } from '../../../src/client/types.ts'
import type { EventOverview } from '../../../src/protocol/ops.ts'
import { DeadLettersPanel } from '../dead-letters/dead-letters-panel.tsx'
import { LatencyPanel } from '../latency/latency-panel.tsx'
import type { OpsApi } from '../ops-api.ts'
import { ReplaysPanel } from '../replays/replays-panel.tsx'
import { EventHead } from './event-head.tsx'
import { GapsPanel } from './gaps-panel.tsx'
import { ProofPanel } from './proof-panel.tsx'
import { RebroadcastPanel } from './rebroadcast-panel.tsx'
import { TrailPanel } from './trail-panel.tsx'

export interface EventViewProps {
  readonly api: OpsApi
  readonly client: DatelineClient
  readonly eventId: string
  /** As the overview has it; undefined where it stands on another page of that. */
  readonly row: EventOverview | undefined
  readonly isEditor: boolean
  readonly token: string | undefined
}

/** One event: its state and its switches, and whatever can be replayed, proved and repaired of it. */
export function EventView({ api, client, eventId, row, isEditor, token }: EventViewProps) {
  return (
    <div class="event-view">
      <EventHead client={client} eventId={eventId} row={row} isEditor={isEditor} />
      <div class="column">
        <LatencyPanel api={api} eventId={eventId} />
        <ReplaysPanel api={api} client={client} eventId={eventId} token={token} last={row?.seq} />
        <DeadLettersPanel api={api} eventId={eventId} />
      </div>
      <div class="column">
        <GapsPanel api={api} eventId={eventId} />
        <ProofPanel api={api} eventId={eventId} />
        <RebroadcastPanel api={api} eventId={eventId} last={row?.seq} />
        <TrailPanel api={api} eventId={eventId} />
      </div>
    </div>
  )
}
