import type { DatelineClient } from '../../../src/client/types.ts'
import type { Event } from '../../../src/protocol/event.ts'
import type { EventOverview } from '../../../src/protocol/ops.ts'
import { STATUS_WORDS } from '../../reading/words.ts'
import { ConfirmButton } from '../parts/confirm-button.tsx'
import { DeedAnswer, Reading } from '../parts/panel.tsx'
import { useDeeds } from '../parts/use-deeds.ts'
import { usePolled } from '../parts/use-polled.ts'
import { countWords, spanWords } from '../parts/words.ts'

export interface EventHeadProps {
  readonly client: DatelineClient
  readonly eventId: string
  readonly row: EventOverview | undefined
  readonly isEditor: boolean
}

const EVERY_MS = 5_000
/** The answer to a change waits so long for the change to be in the feed. */
const WAIT_SECONDS = 5

/** Which event this is, its numbers of now, and the switch that tells its readers of a pause. */
export function EventHead({ client, eventId, row, isEditor }: EventHeadProps) {
  const read = usePolled(() => client.event(eventId), { everyMs: EVERY_MS, key: eventId })
  const deeds = useDeeds(read.reload)
  const setStatus = (event: Event, status: 'live' | 'paused', done: string) =>
    deeds.act(() => client.changeEvent(eventId, event.version, { status }, { waitSeconds: WAIT_SECONDS }), done)
  return (
    <header class="event-controls whole">
      <Reading polled={read} what="the event">
        {event => (
          <>
            <div>
              <h2 class="event-name" lang={event.inLanguage} dir="auto">
                {event.headline}
              </h2>
              <p class="soft">
                <span class={event.status === 'live' ? 'status is-live' : 'status'}>{STATUS_WORDS[event.status]}</span>{' '}
                · {eventId} · <a href={`/events/${eventId}`}>Viewer page</a> ·{' '}
                <a href={`/desk#event=${eventId}`}>Desk</a>
              </p>
            </div>
            <div class="deeds">
              {event.status === 'live' ? (
                <ConfirmButton
                  label="Pause the event"
                  isBusy={deeds.isBusy || !isEditor}
                  title="Pause this event?"
                  deed="Pause it"
                  keep="Leave it live"
                  act={() => setStatus(event, 'paused', 'The event is paused.')}
                >
                  <p>Its readers are told that the coverage is paused. Editors can still post.</p>
                </ConfirmButton>
              ) : null}
              {event.status === 'paused' ? (
                <button
                  type="button"
                  class="primary"
                  aria-disabled={deeds.isBusy || !isEditor}
                  onClick={() => isEditor && setStatus(event, 'live', 'The event is live again.')}
                >
                  Go on live
                </button>
              ) : null}
              {isEditor ? null : <p class="soft">Changing its status needs the role editor too.</p>}
            </div>
          </>
        )}
      </Reading>
      <DeedAnswer deeds={deeds} />
      {row === undefined ? null : <EventNumbers row={row} />}
    </header>
  )
}

function EventNumbers({ row }: { row: EventOverview }) {
  const { viewers, peakViewers, updatesPerMinute, seq, accepted, head, waiting, oldestWaitingMs, dead, held } = row
  return (
    <ul class="event-numbers">
      <li>
        <b>{viewers.toLocaleString('en')}</b> viewers{' '}
        <span class="soft">(peak {peakViewers.toLocaleString('en')})</span>
      </li>
      <li>
        <b>{updatesPerMinute}</b> updates a minute
      </li>
      <li>
        <b>{seq}</b> entries{' '}
        <span class="soft">
          (#{head} of #{accepted} ended)
        </span>
      </li>
      <li>
        <b>{waiting}</b> waiting{' '}
        {oldestWaitingMs === null || waiting === 0 ? null : (
          <span class="soft">(for {spanWords(oldestWaitingMs)})</span>
        )}
      </li>
      <li class={dead > 0 ? 'is-bad' : ''}>{countWords(dead, 'dead letter')}</li>
      <li>
        <b>{held}</b> held
      </li>
    </ul>
  )
}
