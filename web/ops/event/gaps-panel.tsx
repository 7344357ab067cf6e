import { useState } from 'preact/hooks'
import type { GapAudit } from '../../../src/protocol/gaps.ts'
import type { OpsApi } from '../ops-api.ts'
import { Panel, Reading } from '../parts/panel.tsx'
import { usePolled } from '../parts/use-polled.ts'
import { countWords, spanWords } from '../parts/words.ts'
import { TrailTable } from './trail-table.tsx'

const EVERY_MS = 5_000
const NUMBERS_SHOWN = 50

/** Where each accept number of an event went, and when; read again and again. */
export function GapsPanel({ api, eventId }: { api: OpsApi; eventId: string }) {
  const [page, setPage] = useState<string>()
  const gaps = usePolled(signal => api.gaps(eventId, page, signal), { everyMs: EVERY_MS, key: page ?? '' })
  return (
    <Panel title="Gap audit" hint="Where each submission went, from its accept number to the screens.">
      <Reading polled={gaps} what="the audit">
        {({ page: audit, next }) => (
          <>
            <Findings audit={audit} />
            <details>
              <summary>Number by number</summary>
              <TrailTable numbers={audit.numbers} />
              <div class="deeds">
                {next === undefined ? null : (
                  <button type="button" onClick={() => setPage(next)}>
                    Earlier numbers
                  </button>
                )}
                {page === undefined ? null : (
                  <button type="button" onClick={() => setPage(undefined)}>
                    Latest numbers
                  </button>
                )}
              </div>
            </details>
          </>
        )}
      </Reading>
    </Panel>
  )
}

function Findings({ audit }: { audit: GapAudit }) {
  const { accepted, entries, states, missing, doubled, late, totals, brokenAt, acceptToEndMs, times } = audit
  const isWhole = totals.missing === 0 && totals.doubled === 0 && brokenAt === null
  return (
    <>
      <p class={isWhole ? 'is-good' : 'is-bad'}>
        {isWhole
          ? `Nothing is missing or doubled: ${countWords(accepted, 'submission')}, ${countWords(entries, 'entry', 'entries')}.`
          : 'Something is wrong with this feed: see below, and the runbook.'}
      </p>
      <dl class="facts">
        <Numbers name="Missing" numbers={missing} total={totals.missing} isBad />
        <Numbers name="Doubled" numbers={doubled} total={totals.doubled} isBad />
        {brokenAt === null ? null : (
          <>
            <dt>Broken</dt>
            <dd class="is-bad">The chain does not follow at entry {brokenAt}.</dd>
          </>
        )}
        <Numbers name="Late" numbers={late} total={totals.late} />
        <dt>Ended as</dt>
        <dd>
          {Object.entries(states)
            .map(([state, count]) => `${state} ${count}`)
            .join(', ')}
        </dd>
        <Times name="Accept to end" times={acceptToEndMs} />
        {times.reach.map(reach => (
          <Times key={reach.gateway} name={`To the screens of gateway ${reach.gateway}`} times={reach} />
        ))}
      </dl>
    </>
  )
}

interface NumbersProps {
  readonly name: string
  readonly numbers: readonly number[]
  readonly total: number
  readonly isBad?: boolean
}

function Numbers({ name, numbers, total, isBad = false }: NumbersProps) {
  const shown = numbers.slice(0, NUMBERS_SHOWN).map(number => `#${number}`)
  const rest = total - shown.length
  return (
    <>
      <dt>{name}</dt>
      <dd class={isBad && total > 0 ? 'is-bad' : ''}>
        {total === 0 ? 'none' : `${shown.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`}
      </dd>
    </>
  )
}

function Times({ name, times }: { name: string; times: GapAudit['acceptToEndMs'] }) {
  if (times === null) return null
  const { p50, p95, p99, max } = times
  return (
    <>
      <dt>{name}</dt>
      <dd>
        half within {spanWords(p50)}, 95 % within {spanWords(p95)}, 99 % within {spanWords(p99)}, all within{' '}
        {spanWords(max)}
      </dd>
    </>
  )
}
