import type { EventOverview } from '../../../src/protocol/ops.ts'
import { STATUS_WORDS } from '../../reading/words.ts'
import { Panel } from '../parts/panel.tsx'
import { Scrolled } from '../parts/scrolled.tsx'
import { spanWords } from '../parts/words.ts'
import { placeHref } from '../place.ts'

export interface EventTableProps {
  readonly events: readonly EventOverview[]
  readonly isFirstPage: boolean
  readonly next: string | undefined
  readonly turnTo: (page: string | undefined) => void
}

/** A submission that waits longer than this is worth a look. */
const LONG_WAIT_MS = 5_000

/** The events with their rates and viewers, those with the newest activity first. */
export function EventTable({ events, isFirstPage, next, turnTo }: EventTableProps) {
  return (
    <Panel title="Events" class="whole">
      {events.length === 0 ? (
        <p class="soft">
          There are no events yet. An editor can create one at the <a href="/desk">desk</a>.
        </p>
      ) : (
        <Scrolled label="Events">
          <table class="numbers">
            <thead>
              <tr>
                <th scope="col">Event</th>
                <th scope="col">Viewers</th>
                <th scope="col">Per min</th>
                <th scope="col">Waiting</th>
                <th scope="col">Dead</th>
                <th scope="col" class="wide">
                  Held
                </th>
                <th scope="col" class="wide">
                  Entries
                </th>
                <th scope="col" class="wide">
                  Peak viewers
                </th>
              </tr>
            </thead>
            <tbody>
              {events.map(event => (
                <EventRow key={event.id} event={event} />
              ))}
            </tbody>
          </table>
        </Scrolled>
      )}
      <div class="deeds">
        {next === undefined ? null : (
          <button type="button" onClick={() => turnTo(next)}>
            Older events
          </button>
        )}
        {isFirstPage ? null : (
          <button type="button" onClick={() => turnTo(undefined)}>
            Newest events
          </button>
        )}
      </div>
    </Panel>
  )
}

function EventRow({ event }: { event: EventOverview }) {
  const { id, headline, status, visibility, viewers, peakViewers, seq, waiting, oldestWaitingMs } = event
  const isLate = oldestWaitingMs !== null && oldestWaitingMs > LONG_WAIT_MS
  return (
    <tr>
      <th scope="row">
        <a href={placeHref({ view: 'event', eventId: id })}>
          <bdi>{headline}</bdi>
        </a>
        <span class="row-facts">
          <span class={status === 'live' ? 'status is-live' : 'status'}>{STATUS_WORDS[status]}</span> {id}
          {visibility === 'private' ? ', private' : ''}
        </span>
      </th>
      <td>{viewers}</td>
      <td>{event.updatesPerMinute}</td>
      <td class={isLate ? 'is-bad' : ''}>
        {waiting}
        {waiting > 0 && oldestWaitingMs !== null ? (
          <span class="cell-note">for {spanWords(oldestWaitingMs)}</span>
        ) : null}
      </td>
      <td class={event.dead > 0 ? 'is-bad' : ''}>{event.dead}</td>
      <td class="wide">{event.held}</td>
      <td class="wide">{seq}</td>
      <td class="wide">{peakViewers}</td>
    </tr>
  )
}
