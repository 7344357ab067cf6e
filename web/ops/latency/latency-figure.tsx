import { useEffect, useRef } from 'preact/hooks'
import { type Chart, startChart } from './latency-chart.ts'
import type { ChartData } from './latency-lines.ts'

export interface LatencyFigureProps {
  readonly title: string
  readonly data: ChartData
}

/** A chart with its legend. What it shows stands in the table below too: a screen reader is told only that. */
export function LatencyFigure({ title, data }: LatencyFigureProps) {
  const place = useRef<HTMLDivElement>(null)
  const chart = useRef<Chart | undefined>(undefined)
  useEffect(() => {
    if (place.current === null) return
    const started = startChart(place.current, data)
    chart.current = started
    return () => started.stop()
  }, [])
  useEffect(() => chart.current?.show(data), [data])
  return (
    <figure class="chart">
      <figcaption>
        <h3>{title}</h3>
        <ul class="legend" aria-hidden="true">
          {data.lines.map(({ name, tone }) => (
            <li key={name}>
              <svg aria-hidden="true" class={`tone-${tone}`} viewBox="0 0 28 4" width="28" height="4">
                <path d="M0 2h28" />
              </svg>
              {name}
            </li>
          ))}
        </ul>
      </figcaption>
      <div ref={place} class="plot" role="img" aria-label={`${title}: a chart. The table below says the same.`} />
    </figure>
  )
}
