import type { AcceptTrail, GapAudit, StepTimes } from '../../protocol/gaps.ts'

/** Numbers that a line names; the others are counted. */
const NAMED = 20
const CHAIN_CHARS = 8

/** Pure: an audit as it is told at a terminal. */
export function auditText(audit: GapAudit): string {
  const { eventId, accepted, entries, states, totals, missing, doubled, late, brokenAt, times, numbers } = audit
  const whole = brokenAt === null ? `complete: 1..${entries}` : `differs at ${brokenAt}`
  const lines = [
    `${eventId}: ${accepted} accepted, ${entries} entries, ${whole}`,
    `  ${Object.entries(states)
      .map(([state, count]) => `${state} ${count}`)
      .join(', ')}`,
    listLine('missing', missing, totals.missing),
    listLine('doubled', doubled, totals.doubled),
    listLine('late', late, totals.late),
    row('', ['p50', 'p95', 'p99', 'max', 'of']),
    timesRow('accept', times.accept),
    timesRow('normalize', times.normalize),
    timesRow('commit', times.commit),
    ...times.reach.map(each => timesRow(`reach ${each.gateway}`, each)),
  ]
  return [...lines, ...(numbers.length === 0 ? [] : [HEAD, ...numbers.map(numberLine)])].join('\n')
}

function listLine(name: string, numbers: readonly number[], total: number): string {
  const named = numbers.slice(0, NAMED)
  const more = total > named.length ? ` and ${total - named.length} more` : ''
  return `  ${name.padEnd(9)} ${total === 0 ? 'none' : `${named.join(', ')}${more}`}`
}

function timesRow(name: string, times: StepTimes | null): string {
  if (times === null) return row(name, ['-', '-', '-', '-', '0'])
  const { p50, p95, p99, max, count } = times
  return row(name, [...[p50, p95, p99, max].map(msText), String(count)])
}

function row(name: string, cells: readonly string[]): string {
  return `  ${name.padEnd(16)}${cells.map(cell => cell.padStart(9)).join('')}`
}

const HEAD = '  accept    seq  chain     state         accept normalize   commit  reach (ms)'

function numberLine(trail: AcceptTrail): string {
  const { acceptNumber, seq, chain, state, late, doubled, acceptMs, normalizeMs, commitMs, reach } = trail
  const marks = [late ? 'late' : '', doubled ? 'doubled' : ''].filter(mark => mark !== '').join(', ')
  return [
    `  ${String(acceptNumber).padStart(6)}`,
    ` ${String(seq ?? '-').padStart(6)}`,
    `  ${(chain ?? '-').slice(0, CHAIN_CHARS).padEnd(CHAIN_CHARS)}`,
    `  ${state.padEnd(11)}`,
    ...[acceptMs, normalizeMs, commitMs].map(ms => msText(ms).padStart(9)),
    `  ${reach.map(({ gateway, ms }) => `${gateway} ${msText(ms)}`).join(', ') || '-'}`,
    marks === '' ? '' : `  ${marks}`,
  ].join('')
}

function msText(ms: number | null): string {
  if (ms === null) return '-'
  return ms < 10 ? ms.toFixed(1) : String(Math.round(ms))
}
