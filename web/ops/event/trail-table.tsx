import type { AcceptTrail } from '../../../src/protocol/gaps.ts'
import { Scrolled } from '../parts/scrolled.tsx'
import { spanWords } from '../parts/words.ts'

/** Accept numbers one by one: where each went, and how long it took. */
export function TrailTable({ numbers }: { numbers: readonly AcceptTrail[] }) {
  return (
    <Scrolled label="Accept numbers">
      <table class="numbers">
        <thead>
          <tr>
            <th scope="col">Number</th>
            <th scope="col">Became</th>
            <th scope="col">Entry</th>
            <th scope="col">Cleaned</th>
            <th scope="col">In the feed</th>
            <th scope="col">On screens</th>
          </tr>
        </thead>
        <tbody>
          {numbers.map(trail => (
            <TrailRow key={trail.acceptNumber} trail={trail} />
          ))}
        </tbody>
      </table>
    </Scrolled>
  )
}

function TrailRow({ trail }: { trail: AcceptTrail }) {
  const { acceptNumber, state, seq, late, doubled, acceptedAt, normalizeMs, commitMs, reach } = trail
  const isBad = state === 'missing' || state === 'dead' || doubled
  return (
    <tr>
      <th scope="row" title={acceptedAt ?? undefined}>
        #{acceptNumber}
      </th>
      <td class={isBad ? 'is-bad' : ''}>
        {state}
        {late ? ', late' : ''}
        {doubled ? ', doubled' : ''}
      </td>
      <td>{seq ?? '–'}</td>
      <td>{msOrNothing(normalizeMs)}</td>
      <td>{msOrNothing(commitMs)}</td>
      <td>
        {reach.length === 0 ? '–' : null}
        {reach.map(({ gateway, ms }) => (
          <span key={gateway} class="reach">
            {spanWords(ms)} {reach.length > 1 ? <span class="soft code">{gateway}</span> : null}
          </span>
        ))}
      </td>
    </tr>
  )
}

function msOrNothing(ms: number | null): string {
  return ms === null ? '–' : spanWords(ms)
}
