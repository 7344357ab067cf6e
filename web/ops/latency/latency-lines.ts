import type { LatencySeries, LatencyStep } from '../../../src/protocol/ops.ts'
import { countWords, spanWords } from '../parts/words.ts'

export type Stage = 'accept' | 'normalize' | 'commit' | 'reach'
export type Share = 'p50' | 'p95' | 'p99'

/** One line of a chart. `tone` names its colour and its dashes. */
export interface ChartLine {
  readonly name: string
  readonly tone: 1 | 2 | 3 | 4
  readonly values: readonly (number | null)[]
}

/** `seconds`, since 1970, are the steps of time; each line has a value, in ms, or null for each. */
export interface ChartData {
  readonly seconds: readonly number[]
  readonly lines: readonly ChartLine[]
}

export const STAGE_WORDS: Readonly<Record<Stage, string>> = {
  accept: 'Accepted',
  normalize: 'Cleaned',
  commit: 'In the feed',
  reach: 'On screens',
}
export const SHARE_WORDS: Readonly<Record<Share, string>> = {
  p50: 'half of them',
  p95: '95 of 100',
  p99: '99 of 100',
}

/** Pure: how long from post to screen, for half of the updates, most and nearly all. */
export function reachLines({ series }: LatencySeries): ChartData {
  const line = (share: Share, tone: ChartLine['tone']) => ({ share, name: SHARE_WORDS[share], tone })
  const lines = [line('p50', 1), line('p95', 2), line('p99', 3)]
  return chart(series, lines, ({ share }, step) => step.reach[share])
}

/** Pure: where the time goes: what 95 of 100 updates took to each stage, counted from the post. */
export function stageLines({ series }: LatencySeries): ChartData {
  const line = (stage: Stage, tone: ChartLine['tone']) => ({ stage, name: STAGE_WORDS[stage], tone })
  const lines = [line('accept', 1), line('normalize', 4), line('commit', 2), line('reach', 3)]
  return chart(series, lines, ({ stage }, step) => step[stage].p95)
}

function chart<Line extends Pick<ChartLine, 'name' | 'tone'>>(
  series: readonly LatencyStep[],
  lines: readonly Line[],
  value: (line: Line, step: LatencyStep) => number | null,
): ChartData {
  return {
    seconds: series.map(({ at }) => Date.parse(at) / 1_000),
    lines: lines.map(line => ({ name: line.name, tone: line.tone, values: series.map(step => value(line, step)) })),
  }
}

/** Pure: where a line has a value between two holes, which only a dot can show. */
export function lonelyPlaces(values: ChartLine['values']): number[] {
  const isThere = (place: number) => (values[place] ?? null) !== null
  return [...values.keys()].filter(place => isThere(place) && !isThere(place - 1) && !isThere(place + 1))
}

/** Pure: the last step in which something was measured, in a sentence. */
export function latencySentence({ series, stepSeconds }: LatencySeries): string {
  const last = series.findLast(({ reach }) => reach.p50 !== null)
  if (last === undefined) return 'Nothing was measured in this time.'
  const { p50, p95, p99 } = last.reach
  const took = [p50, p95, p99].map(ms => (ms === null ? 'unknown' : spanWords(ms)))
  return `In the latest ${stepSeconds === 60 ? 'minute' : spanWords(stepSeconds * 1_000)} with updates (${countWords(last.count, 'update')}), half were on screens within ${took[0]}, 95 of 100 within ${took[1]}, 99 of 100 within ${took[2]}.`
}
