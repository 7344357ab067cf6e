import { useState } from 'preact/hooks'
import type { OpsDeed } from '../../../src/protocol/ops.ts'
import { fullTime } from '../../reading/times.ts'
import type { OpsApi } from '../ops-api.ts'
import { Panel, Reading } from '../parts/panel.tsx'
import { usePolled } from '../parts/use-polled.ts'

export interface TrailPanelProps {
  readonly api: OpsApi
  /** Undefined: what concerns no single event. */
  readonly eventId: string | undefined
}

const EVERY_MS = 5_000

/** Who did what, newest first. */
export function TrailPanel({ api, eventId }: TrailPanelProps) {
  const [before, setBefore] = useState<string>()
  const trail = usePolled(signal => api.trail(eventId, before, signal), {
    everyMs: EVERY_MS,
    key: `${eventId ?? ''} ${before ?? ''}`,
  })
  return (
    <Panel
      title="Trail"
      hint={
        eventId === undefined
          ? 'What concerns the whole of Dateline. What concerns an event stands at that event.'
          : 'What ops did to this event.'
      }
    >
      <Reading polled={trail} what="the trail">
        {({ entries, complete }) => (
          <>
            {entries.length === 0 ? <p class="soft">Nobody has done anything yet.</p> : null}
            <ol class="trail">
              {entries.map(deed => (
                <Deed key={deed.id} deed={deed} />
              ))}
            </ol>
            <div class="deeds">
              {complete ? null : (
                <button type="button" onClick={() => setBefore(entries.at(-1)?.id)}>
                  Earlier
                </button>
              )}
              {before === undefined ? null : (
                <button type="button" onClick={() => setBefore(undefined)}>
                  Latest
                </button>
              )}
            </div>
          </>
        )}
      </Reading>
    </Panel>
  )
}

function Deed({ deed: { at, by, action, detail, requestId } }: { deed: OpsDeed }) {
  const zone = new Intl.DateTimeFormat().resolvedOptions().timeZone
  return (
    <li>
      <p>
        <b>{action.replaceAll('-', ' ')}</b> by <bdi>{by.name}</bdi>{' '}
        <time class="soft" dateTime={at}>
          {fullTime(at, zone, 'en')}
        </time>
      </p>
      <p class="soft trail-detail" dir="auto" title={`Request ${requestId}`}>
        {detailWords(detail)}
      </p>
    </li>
  )
}

function detailWords(detail: OpsDeed['detail']): string {
  return Object.entries(detail)
    .map(([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(' · ')
}
