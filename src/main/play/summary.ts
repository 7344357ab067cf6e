import type { ItemOutcome, Played } from './play-briefing.ts'

export interface Percentiles {
  readonly p50: number
  readonly p95: number
  readonly max: number
}

/** Pure: nearest-rank percentiles; undefined of nothing. */
export function percentilesOf(values: readonly number[]): Percentiles | undefined {
  const sorted = values.toSorted((a, b) => a - b)
  const at = (share: number) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]
  const [p50, p95, max] = [at(0.5), at(0.95), at(1)]
  return p50 === undefined || p95 === undefined || max === undefined ? undefined : { p50, p95, max }
}

/** Pure: whether everything in the briefing is in the feed. */
export function hasLanded({ outcomes }: Pick<Played, 'outcomes'>): boolean {
  return outcomes.every(({ outcome }) => outcome.state === 'posted' || outcome.state === 'already there')
}

/** Pure: what is told at the end, in lines. */
export function summaryOf(played: Played, tookMs: number, url: string): string {
  const { event, isNewEvent, outcomes, unwatched } = played
  const count = (state: ItemOutcome['state']) => outcomes.filter(({ outcome }) => outcome.state === state).length
  const posted = outcomes.flatMap(({ outcome }) => (outcome.state === 'posted' ? [outcome] : []))
  const accept = percentilesOf(posted.map(({ acceptMs }) => acceptMs))
  const published = percentilesOf(posted.flatMap(({ publishedMs }) => (publishedMs === undefined ? [] : [publishedMs])))
  const notSent = count('not sent')
  return [
    '',
    `${isNewEvent ? 'New event' : 'Event'} ${event.id}: ${event.headline}`,
    `  posted ${posted.length}, already there ${count('already there')}, failed ${count('failed')}` +
      `${notSent === 0 ? '' : `, not sent ${notSent}`}, in ${(tookMs / 1_000).toFixed(1)} s`,
    ...(accept === undefined ? [] : [row('accepted', accept)]),
    ...(published === undefined ? [] : [row('seen by a viewer', published)]),
    ...(unwatched === undefined ? [] : [`  No viewer looked on: ${unwatched}`]),
    ...outcomes.flatMap(({ item, outcome }) =>
      outcome.state === 'failed' ? [`  ${item.key}: ${outcome.reason}`] : [],
    ),
    `  ${new URL(`/events/${event.id}`, url)}`,
    '',
  ].join('\n')
}

function row(name: string, { p50, p95, max }: Percentiles): string {
  const ms = (value: number) => `${value.toFixed(1)} ms`
  return `  ${name.padEnd(16)}  p50 ${ms(p50)}   p95 ${ms(p95)}   max ${ms(max)}`
}
