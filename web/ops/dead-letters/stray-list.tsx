import type { Stray } from '../../../src/protocol/ops.ts'
import { fullTime } from '../../reading/times.ts'
import type { OpsApi } from '../ops-api.ts'
import { ConfirmButton } from '../parts/confirm-button.tsx'
import { DeedAnswer } from '../parts/panel.tsx'
import { useDeeds } from '../parts/use-deeds.ts'
import { countWords } from '../parts/words.ts'

export interface StrayListProps {
  readonly api: OpsApi
  readonly strays: readonly Stray[]
  readonly reload: () => void
  readonly tell: (words: string) => void
}

/** What was found in a queue and belongs to no event. Not there while there is nothing. */
export function StrayList({ strays, ...rest }: StrayListProps) {
  if (strays.length === 0) return null
  return (
    <>
      <h3>Strays</h3>
      <p class="hint">
        Found in a queue, of no event that there is. Each becomes a dead letter of its event once that is there.
      </p>
      <ol class="letters">
        {strays.map(stray => (
          <StrayItem key={stray.id} stray={stray} {...rest} />
        ))}
      </ol>
    </>
  )
}

function StrayItem({ api, stray, reload, tell }: Omit<StrayListProps, 'strays'> & { readonly stray: Stray }) {
  const deeds = useDeeds(reload, tell)
  const { id, eventId, at, step, error, attempts, raw } = stray
  const zone = new Intl.DateTimeFormat().resolvedOptions().timeZone
  return (
    <li class="letter">
      <p>
        <b>{eventId === undefined ? 'Of no event' : `Of the event ${eventId}, which is not there`}</b>{' '}
        <span class="soft">{fullTime(at, zone, 'en')}</span>
      </p>
      <p class="is-bad">{error}</p>
      <p class="soft">
        At the step {step}, after {countWords(attempts, 'attempt')}.
      </p>
      <details>
        <summary>What was found</summary>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: without it, who has no mouse cannot scroll it. */}
        <pre dir="auto" tabIndex={0}>
          {JSON.stringify(raw, null, 2)}
        </pre>
      </details>
      <div class="deeds">
        <ConfirmButton
          label="Discard"
          name={`Discard stray ${id}`}
          isBusy={deeds.isBusy}
          title="Discard this stray?"
          deed="Discard it"
          keep="Keep it"
          reason={{ hint: 'It is kept for the record, with your name.', maxLength: 1_000 }}
          act={reason => deeds.act(() => api.discardStray(id, reason), 'The stray was discarded.')}
        >
          <p>It cannot become a dead letter of its event any more.</p>
        </ConfirmButton>
      </div>
      <DeedAnswer deeds={deeds} />
    </li>
  )
}
