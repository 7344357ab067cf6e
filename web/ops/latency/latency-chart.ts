import uPlot from 'uplot'
import { clockTime } from '../../reading/times.ts'
import { spanWords } from '../parts/words.ts'
import { type ChartData, type ChartLine, lonelyPlaces } from './latency-lines.ts'

export interface Chart {
  show(data: ChartData): void
  stop(): void
}

const HEIGHT_PX = 190
const FONT = '12px system-ui, sans-serif'
/** Lines differ in their dashes too, for those who see the colours alike. */
const DASHES: Readonly<Record<ChartLine['tone'], number[]>> = { 1: [], 2: [8, 4], 3: [2, 3], 4: [10, 3, 2, 3] }

/** A line chart in an element, as wide as that is, in the colours of the page's scheme, which it follows. */
export function startChart(element: HTMLElement, first: ChartData): Chart {
  let data = first
  let plot = draw(element, data)
  const redraw = () => {
    plot.destroy()
    plot = draw(element, data)
  }
  const scheme = matchMedia('(prefers-color-scheme: dark)')
  scheme.addEventListener('change', redraw)
  const size = new ResizeObserver(() => {
    if (element.clientWidth > 0 && element.clientWidth !== plot.width) {
      plot.setSize({ width: element.clientWidth, height: HEIGHT_PX })
    }
  })
  size.observe(element)
  return {
    show(next) {
      data = next
      plot.setData(columns(next))
    },
    stop() {
      scheme.removeEventListener('change', redraw)
      size.disconnect()
      plot.destroy()
    },
  }
}

function draw(element: HTMLElement, data: ChartData): uPlot {
  const styles = getComputedStyle(element)
  const colour = (name: string) => styles.getPropertyValue(name).trim()
  const zone = new Intl.DateTimeFormat().resolvedOptions().timeZone
  const axis = {
    stroke: colour('--soft'),
    font: FONT,
    grid: { stroke: colour('--line'), width: 1 },
    ticks: { show: false },
  }
  const options: uPlot.Options = {
    width: Math.max(element.clientWidth, 200),
    height: HEIGHT_PX,
    legend: { show: false },
    cursor: { show: false },
    scales: { y: { range: (_plot, _min, max) => [0, Math.max(max * 1.1, 10)] } },
    axes: [
      {
        ...axis,
        size: 32,
        values: (_plot, at) => at.map(s => clockTime(new Date(s * 1_000).toISOString(), zone, 'en')),
      },
      { ...axis, size: 62, values: (_plot, at) => at.map(ms => spanWords(ms)) },
    ],
    series: [
      {},
      ...data.lines.map(({ name, tone }) => ({
        label: name,
        stroke: colour(`--tone-${tone}`),
        width: 2,
        dash: DASHES[tone],
        points: { show: true, size: 6, fill: colour(`--tone-${tone}`), filter: dots },
      })),
    ],
  }
  return new uPlot(options, columns(data), element)
}

/** A point without neighbours has no line. */
const dots: uPlot.Series.Points.Filter = (plot, series) =>
  lonelyPlaces([...(plot.data[series] ?? [])].map(value => value ?? null))

function columns({ seconds, lines }: ChartData): uPlot.AlignedData {
  return [[...seconds], ...lines.map(({ values }) => [...values])]
}
