import type { Overview } from '../../../src/protocol/ops.ts'
import { LatencyPanel } from '../latency/latency-panel.tsx'
import type { OpsApi, Paged } from '../ops-api.ts'
import type { Polled } from '../parts/use-polled.ts'
import { EventTable } from './event-table.tsx'
import { IntakePanel } from './intake-panel.tsx'
import { ProcessList } from './process-list.tsx'
import { QueueTable } from './queue-table.tsx'
import { StorePanel } from './store-panel.tsx'

export interface NowViewProps {
  readonly api: OpsApi
  readonly overview: Polled<Paged<Overview>>
  readonly isFirstPage: boolean
  /** Turns to a page of events; undefined is the first one. */
  readonly turnTo: (page: string | undefined) => void
  readonly nowMs: number
}

/** Everything as it is now. */
export function NowView({ api, overview, isFirstPage, turnTo, nowMs }: NowViewProps) {
  const { value, reload } = overview
  if (value === undefined) return <p class="soft">Reading the state of the servers…</p>
  const { intake, store, queues, processes, events } = value.page
  return (
    <div class="now">
      <EventTable events={events} isFirstPage={isFirstPage} next={value.next} turnTo={turnTo} />
      <LatencyPanel api={api} eventId={undefined} />
      <div class="column">
        <IntakePanel api={api} intake={intake} reload={reload} />
        <StorePanel store={store} nowMs={nowMs} />
      </div>
      <QueueTable api={api} queues={queues} reload={reload} />
      <ProcessList api={api} processes={processes} nowMs={nowMs} reload={reload} />
    </div>
  )
}
