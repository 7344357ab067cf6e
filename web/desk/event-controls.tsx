import { useState } from 'preact/hooks'
import type { Event, EventStatus } from '../../src/protocol/event.ts'
import { zoneName } from '../reading/times.ts'
import { STATUS_WORDS } from '../reading/words.ts'
import { Field, inputValue } from './field.tsx'

const CHOICES: readonly EventStatus[] = ['scheduled', 'live', 'paused', 'ended']

export interface EventControlsProps {
  readonly event: Event
  readonly setStatus: (status: EventStatus) => void
  readonly leave: () => void
}

/** Which event this is, and its status. */
export function EventControls({ event, setStatus, leave }: EventControlsProps) {
  const [chosen, setChosen] = useState<EventStatus>()
  const status = chosen ?? event.status
  return (
    <header class="event-controls">
      <div>
        <h1 lang={event.inLanguage} dir="auto">
          {event.headline}
        </h1>
        <p class="soft">
          {STATUS_WORDS[event.status]} · {zoneName(event.timeZone)} time ·{' '}
          <a href={`/events/${event.id}`}>Viewer page</a> ·{' '}
          <button type="button" class="link" onClick={leave}>
            Another event
          </button>
        </p>
      </div>
      <form
        class="status-form"
        onSubmit={press => {
          press.preventDefault()
          if (status !== event.status) setStatus(status)
          setChosen(undefined)
        }}
      >
        <Field label="Status">
          {attributes => (
            <select
              {...attributes}
              value={status}
              onChange={input => setChosen(CHOICES.find(choice => choice === inputValue(input)))}
            >
              {(CHOICES.includes(event.status) ? CHOICES : [...CHOICES, event.status]).map(choice => (
                <option key={choice} value={choice}>
                  {STATUS_WORDS[choice]}
                </option>
              ))}
            </select>
          )}
        </Field>
        <button type="submit">Set status</button>
      </form>
    </header>
  )
}
