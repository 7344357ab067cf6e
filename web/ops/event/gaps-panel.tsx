import type { OpsApi } from '../ops-api.ts'
import { Panel, Reading } from '../parts/panel.tsx'
import { usePolled } from '../parts/use-polled.ts'
import { countWords, spanWords } from '../parts/words.ts'
import type { GapReport } from './gap-report.ts'

const EVERY_MS = 5_000
const NUMBERS_SHOWN = 50

/** Where each accept number of an event went, read again and again. */
export function GapsPanel({ api, eventId }: { api: OpsApi; eventId: string }) {
  const gaps = usePolled(signal => api.gaps(eventId, signal), { everyMs: EVERY_MS, key: eventId })
  return (
    <Panel title="Gap audit" hint="Where each submission went, from its accept number to its place in the feed.">
      <Reading polled={gaps} what="the audit">
        {report => <Report report={report} />}
      </Reading>
    </Panel>
  )
}

function Report({ report }: { report: GapReport }) {
  const { accepted, entries, states, missing, doubled, late, brokenAt, acceptToEndMs } = report
  const isWhole = missing.length === 0 && doubled.length === 0 && brokenAt === null
  return (
    <>
      <p class={isWhole ? 'is-good' : 'is-bad'}>
        {isWhole
          ? `Nothing is missing or doubled: ${countWords(accepted, 'submission')}, ${countWords(entries, 'entry', 'entries')}.`
          : 'Something is wrong with this feed: see below.'}
      </p>
      <dl class="facts">
        <Numbers name="Missing" numbers={missing} isBad />
        <Numbers name="Doubled" numbers={doubled} isBad />
        {brokenAt === null ? null : (
          <>
            <dt>Broken</dt>
            <dd class="is-bad">The chain does not follow at entry {brokenAt}.</dd>
          </>
        )}
        <Numbers name="Late" numbers={late} />
        <dt>Ended as</dt>
        <dd>
          {Object.entries(states)
            .map(([state, count]) => `${state} ${count}`)
            .join(', ')}
        </dd>
        {acceptToEndMs === null ? null : (
          <>
            <dt>Accept to end</dt>
            <dd>
              half within {spanWords(acceptToEndMs.p50)}, 95 % within {spanWords(acceptToEndMs.p95)}, 99 % within{' '}
              {spanWords(acceptToEndMs.p99)}, all within {spanWords(acceptToEndMs.max)}
            </dd>
          </>
        )}
      </dl>
    </>
  )
}

function Numbers({ name, numbers, isBad = false }: { name: string; numbers: readonly number[]; isBad?: boolean }) {
  const shown = numbers.slice(0, NUMBERS_SHOWN).map(number => `#${number}`)
  const rest = numbers.length - shown.length
  return (
    <>
      <dt>{name}</dt>
      <dd class={isBad && numbers.length > 0 ? 'is-bad' : ''}>
        {numbers.length === 0 ? 'none' : `${shown.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`}
      </dd>
    </>
  )
}
