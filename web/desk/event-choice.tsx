import { useEffect, useState } from 'preact/hooks'
import type { DatelineClient } from '../../src/client/types.ts'
import type { Event } from '../../src/protocol/event.ts'
import type { Problem } from '../../src/protocol/problems.ts'
import { STATUS_WORDS } from '../reading/words.ts'
import { EventForm } from './event-form.tsx'
import { Field, inputValue } from './field.tsx'
import { PastePage } from './paste-page.tsx'
import { problemOf } from './problem-of.ts'

export interface EventChoiceProps {
  readonly client: DatelineClient
  /** Grows with each new token: the events are read again. */
  readonly tokenNumber: number
  readonly choose: (eventId: string) => void
  readonly onTokenRefused: () => void
  readonly isEditor: boolean
}

/** The desk's first page: pick an event, or create one. */
export function EventChoice({ client, tokenNumber, choose, onTokenRefused, isEditor }: EventChoiceProps) {
  const [events, setEvents] = useState<readonly Event[]>()
  const [problem, setProblem] = useState<Problem>()
  const [sought, setSought] = useState('')

  const load = () => {
    setProblem(undefined)
    client.events().then(setEvents, (error: unknown) => {
      const refusal = problemOf(error)
      setProblem(refusal)
      if (refusal.status === 401) onTokenRefused()
    })
  }
  useEffect(load, [tokenNumber])

  const found = (events ?? []).filter(event => matches(event, sought))
  return (
    <div class="choice">
      <section class="card" aria-labelledby="events">
        <h1 id="events">Events</h1>
        <Field label="Find an event">
          {attributes => (
            <input {...attributes} type="search" value={sought} onInput={event => setSought(inputValue(event))} />
          )}
        </Field>
        {problem === undefined ? null : (
          <p class="fault" role="alert">
            The events could not be read: {problem.detail ?? problem.title}{' '}
            <button type="button" onClick={load}>
              Try again
            </button>
          </p>
        )}
        <p role="status" class={found.length === 0 ? 'soft' : 'hidden-text'}>
          {listWords(events, found.length)}
        </p>
        <ul class="choices">
          {found.map(({ id, headline, status, inLanguage }) => (
            <li key={id}>
              <button type="button" onClick={() => choose(id)}>
                <span class="choice-name" lang={inLanguage} dir="auto">
                  {headline}
                </span>
                <span class="choice-facts">
                  {STATUS_WORDS[status]} · {id}
                </span>
              </button>
            </li>
          ))}
        </ul>
      </section>
      <EventForm client={client} created={event => choose(event.id)} />
      {isEditor ? <PastePage client={client} posted={choose} /> : null}
    </div>
  )
}

function matches({ id, headline }: Event, sought: string): boolean {
  const words = sought.toLowerCase().split(/\s+/)
  const text = `${id} ${headline}`.toLowerCase()
  return words.every(word => text.includes(word))
}

function listWords(events: readonly Event[] | undefined, found: number): string {
  if (events === undefined) return 'Reading the events…'
  if (events.length === 0) return 'There are no events yet. Create the first one.'
  return found === 0 ? 'No event matches.' : `${found} ${found === 1 ? 'event' : 'events'}`
}
