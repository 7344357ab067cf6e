import { useMemo, useState } from 'preact/hooks'
import type { LatencySeries } from '../../../src/protocol/ops.ts'
import { Field, inputValue } from '../../desk/field.tsx'
import { clockTime } from '../../reading/times.ts'
import type { OpsApi } from '../ops-api.ts'
import { Panel, Reading } from '../parts/panel.tsx'
import { Scrolled } from '../parts/scrolled.tsx'
import { usePolled } from '../parts/use-polled.ts'
import { spanWords } from '../parts/words.ts'
import { LatencyFigure } from './latency-figure.tsx'
import {
  latencySentence,
  reachLines,
  SHARE_WORDS,
  type Share,
  STAGE_WORDS,
  type Stage,
  stageLines,
} from './latency-lines.ts'

export interface LatencyPanelProps {
  readonly api: OpsApi
  /** Undefined: of all events. */
  readonly eventId: string | undefined
}

const EVERY_MS = 10_000
const SPANS_MINUTES = [15, 60, 180] as const

/** How long updates take from post to screen, as charts and as a table. */
export function LatencyPanel({ api, eventId }: LatencyPanelProps) {
  const [minutes, setMinutes] = useState<number>(60)
  const latency = usePolled(signal => api.latency(eventId, minutes, signal), {
    everyMs: EVERY_MS,
    key: `${eventId ?? ''} ${minutes}`,
  })
  return (
    <Panel title="From post to screen" class="whole">
      <Field label="Shown">
        {attributes => (
          <select {...attributes} value={minutes} onChange={event => setMinutes(Number(inputValue(event)))}>
            {SPANS_MINUTES.map(span => (
              <option key={span} value={span}>
                the last {spanWords(span * 60_000)}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Reading polled={latency} what="the times">
        {series => <Latency series={series} />}
      </Reading>
    </Panel>
  )
}

function Latency({ series }: { series: LatencySeries }) {
  const reach = useMemo(() => reachLines(series), [series])
  const stages = useMemo(() => stageLines(series), [series])
  return (
    <>
      <p>{latencySentence(series)}</p>
      {series.complete ? null : <p class="soft">So much happened in this time that only the newest of it is shown.</p>}
      <div class="charts">
        <LatencyFigure title="From post to the last screen" data={reach} />
        <LatencyFigure title="When 95 of 100 had come so far" data={stages} />
      </div>
      <details>
        <summary>The same as a table</summary>
        <LatencyTable series={series} />
      </details>
    </>
  )
}

const STAGES: readonly Stage[] = ['accept', 'normalize', 'commit', 'reach']
const SHARES: readonly Share[] = ['p50', 'p95', 'p99']

function LatencyTable({ series: { series } }: { series: LatencySeries }) {
  const zone = new Intl.DateTimeFormat().resolvedOptions().timeZone
  const measured = series.filter(({ count }) => count > 0).toReversed()
  if (measured.length === 0) return <p class="soft">Nothing was measured in this time.</p>
  return (
    <Scrolled label="Times">
      <table class="numbers">
        <caption class="hidden-text">
          Times from post to each stage: {SHARES.map(share => SHARE_WORDS[share]).join(', ')}
        </caption>
        <thead>
          <tr>
            <th scope="col">From</th>
            <th scope="col">Updates</th>
            {STAGES.map(stage => (
              <th key={stage} scope="col">
                {STAGE_WORDS[stage]}
                <span class="cell-note">50 / 95 / 99 %</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {measured.map(step => (
            <tr key={step.at}>
              <th scope="row">{clockTime(step.at, zone, 'en')}</th>
              <td>{step.count}</td>
              {STAGES.map(stage => (
                <td key={stage}>{SHARES.map(share => msWords(step[stage][share])).join(' / ')}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Scrolled>
  )
}

function msWords(ms: number | null): string {
  return ms === null ? '–' : spanWords(ms)
}
