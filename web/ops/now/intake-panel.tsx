import type { Intake } from '../../../src/protocol/ops.ts'
import { fullTime } from '../../reading/times.ts'
import type { OpsApi } from '../ops-api.ts'
import { ConfirmButton } from '../parts/confirm-button.tsx'
import { DeedAnswer, Panel } from '../parts/panel.tsx'
import { useDeeds } from '../parts/use-deeds.ts'

export interface IntakePanelProps {
  readonly api: OpsApi
  readonly intake: Intake
  readonly reload: () => void
}

/** Whether editors' writes are taken, and the switch. */
export function IntakePanel({ api, intake, reload }: IntakePanelProps) {
  const deeds = useDeeds(reload)
  const zone = new Intl.DateTimeFormat().resolvedOptions().timeZone
  return (
    <Panel title="Intake">
      {intake.paused ? (
        <div class="banner">
          <p>
            <b>Paused</b> by <bdi>{intake.by}</bdi> since {fullTime(intake.since, zone, 'en')}:
          </p>
          <p dir="auto" class="quoted">
            {intake.reason}
          </p>
        </div>
      ) : (
        <p class="is-good">Open: editors’ updates are taken.</p>
      )}
      <div class="deeds">
        {intake.paused ? (
          <button
            type="button"
            class="primary"
            aria-disabled={deeds.isBusy}
            onClick={() => deeds.act(() => api.setIntake({ paused: false }), 'The intake is open again.')}
          >
            Open the intake
          </button>
        ) : (
          <ConfirmButton
            label="Pause all intake"
            isBusy={deeds.isBusy}
            title="Pause all intake?"
            deed="Pause all intake"
            keep="Leave it open"
            reason={{ hint: 'Editors are shown it.', maxLength: 500 }}
            act={reason => deeds.act(() => api.setIntake({ paused: true, reason }), 'The intake is paused.')}
          >
            <p>
              No editor of any event can publish, revise or retract until it is opened again. Their desks keep what they
              wrote. Readers see what is published already.
            </p>
          </ConfirmButton>
        )}
      </div>
      <DeedAnswer deeds={deeds} />
    </Panel>
  )
}
