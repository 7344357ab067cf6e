import type { QueueCounts, QueueName } from '../../../src/protocol/ops.ts'
import type { OpsApi } from '../ops-api.ts'
import { ConfirmButton } from '../parts/confirm-button.tsx'
import { DeedAnswer, Panel } from '../parts/panel.tsx'
import { Scrolled } from '../parts/scrolled.tsx'
import { useDeeds } from '../parts/use-deeds.ts'

export interface QueueTableProps {
  readonly api: OpsApi
  readonly queues: readonly QueueCounts[]
  readonly reload: () => void
}

const WHAT_WAITS: Readonly<Record<QueueName, string>> = {
  submissions: 'Editors can still post. Nothing that they post is published until the queue goes on.',
  replays: 'All replays stand still until the queue goes on. Live events do not notice.',
}

/** How many jobs are in which state, with a switch for each queue. */
export function QueueTable({ api, queues, reload }: QueueTableProps) {
  const deeds = useDeeds(reload)
  const openBoard = () =>
    deeds.act(async () => {
      await api.openSession()
      open('/ops/queues', '_blank', 'noopener')
    }, 'The board of queues is in another tab.')
  return (
    <Panel title="Queues">
      <Scrolled label="Queues">
        <table class="numbers">
          <thead>
            <tr>
              <th scope="col">Queue</th>
              <th scope="col">Waiting</th>
              <th scope="col">Active</th>
              <th scope="col" class="wide">
                Delayed
              </th>
              <th scope="col">Failed</th>
              <td />
            </tr>
          </thead>
          <tbody>
            {queues.map(queue => (
              <tr key={queue.name}>
                <th scope="row">
                  {queue.name}
                  {queue.paused ? <span class="cell-note is-bad">paused</span> : null}
                </th>
                <td>{queue.waiting}</td>
                <td>{queue.active}</td>
                <td class="wide">{queue.delayed}</td>
                <td class={queue.failed > 0 ? 'is-bad' : ''}>{queue.failed}</td>
                <td>
                  <QueueSwitch
                    queue={queue}
                    isBusy={deeds.isBusy}
                    set={paused =>
                      deeds.act(
                        () => api.setQueue(queue.name, paused),
                        `The queue ${queue.name} ${paused ? 'is paused' : 'goes on'}.`,
                      )
                    }
                  />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scrolled>
      <p>
        <button type="button" class="link" onClick={openBoard}>
          Look at single jobs
        </button>{' '}
        <span class="soft">(opens another tab)</span>
      </p>
      <DeedAnswer deeds={deeds} />
    </Panel>
  )
}

interface QueueSwitchProps {
  readonly queue: QueueCounts
  readonly isBusy: boolean
  readonly set: (paused: boolean) => void
}

function QueueSwitch({ queue: { name, paused }, isBusy, set }: QueueSwitchProps) {
  if (paused) {
    return (
      <button type="button" aria-label={`Let ${name} go on`} aria-disabled={isBusy} onClick={() => set(false)}>
        Go on
      </button>
    )
  }
  return (
    <ConfirmButton
      label="Pause"
      name={`Pause ${name}`}
      isBusy={isBusy}
      title={`Pause the queue of ${name}?`}
      deed="Pause it"
      keep="Leave it running"
      act={() => set(true)}
    >
      <p>{WHAT_WAITS[name]}</p>
    </ConfirmButton>
  )
}
