import { useState } from 'preact/hooks'
import { Field, inputValue } from '../../desk/field.tsx'
import type { OpsApi } from '../ops-api.ts'
import { ConfirmDialog } from '../parts/confirm-dialog.tsx'
import { DeedAnswer, Panel } from '../parts/panel.tsx'
import { useDeeds } from '../parts/use-deeds.ts'

export interface RebroadcastPanelProps {
  readonly api: OpsApi
  readonly eventId: string
  /** The feed's last entry, where it is known. */
  readonly last: number | undefined
}

/** Has the gateways send a range to the live room again. */
export function RebroadcastPanel({ api, eventId, last }: RebroadcastPanelProps) {
  const [from, setFrom] = useState('')
  const [isAsking, setAsking] = useState(false)
  const deeds = useDeeds()
  return (
    <Panel
      title="Rebroadcast"
      hint="After an outage: every gateway sends its viewers these entries again. Who has them ignores them, who lacks one is healed."
    >
      <form
        class="in-a-row"
        onSubmit={event => {
          event.preventDefault()
          setAsking(!deeds.isBusy)
        }}
      >
        <Field label="From entry">
          {attributes => (
            <input
              {...attributes}
              type="number"
              min={1}
              max={last}
              required
              value={from}
              onInput={event => setFrom(inputValue(event))}
            />
          )}
        </Field>
        <button type="submit" aria-disabled={deeds.isBusy}>
          Send again
        </button>
      </form>
      {isAsking ? (
        <ConfirmDialog
          title="Send these entries again?"
          deed="Send them again"
          keep="Do not send them"
          act={() =>
            deeds.act(
              () => api.rebroadcast(eventId, Number(from)),
              sent => `Entries ${sent.from} to ${sent.to} are sent again.`,
            )
          }
          close={() => setAsking(false)}
        >
          <p>All from entry {from} to the last one, to all viewers of the live event.</p>
        </ConfirmDialog>
      ) : null}
      <DeedAnswer deeds={deeds} />
    </Panel>
  )
}
