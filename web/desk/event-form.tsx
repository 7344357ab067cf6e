import { useState } from 'preact/hooks'
import type { DatelineClient } from '../../src/client/types.ts'
import type { Event } from '../../src/protocol/event.ts'
import type { Problem } from '../../src/protocol/problems.ts'
import { Field, inputValue } from './field.tsx'
import { problemOf } from './problem-of.ts'
import { waitReason } from './wait-reason.ts'

const LANGUAGES = ['en', 'ar', 'de', 'es', 'fa', 'fr', 'he', 'it', 'pl', 'pt-BR', 'ru', 'tr', 'uk', 'ur', 'zh']

type Sending =
  | { name: 'no' }
  | { name: 'sending' }
  | { name: 'repeating'; why: string }
  | { name: 'failed'; problem: Problem }

/** Creates an event. */
export function EventForm({ client, created }: { client: DatelineClient; created: (event: Event) => void }) {
  const [headline, setHeadline] = useState('')
  const [id, setId] = useState('')
  const [timeZone, setTimeZone] = useState(() => new Intl.DateTimeFormat().resolvedOptions().timeZone)
  const [inLanguage, setLanguage] = useState('en')
  const [sending, setSending] = useState<Sending>({ name: 'no' })
  const problem = sending.name === 'failed' ? sending.problem : undefined
  const faultAt = (name: string) =>
    problem?.errors
      ?.filter(error => error.pointer === `#/${name}`)
      .map(error => error.detail)
      .join(' ') || undefined

  const create = async () => {
    setSending({ name: 'sending' })
    const draft = { headline: headline.trim(), timeZone, inLanguage, ...(id.trim() === '' ? {} : { id: id.trim() }) }
    try {
      created(
        await client.createEvent(draft, {
          onRepeat: ({ problem }) => setSending({ name: 'repeating', why: waitReason(problem) }),
        }),
      )
    } catch (error) {
      setSending({ name: 'failed', problem: problemOf(error) })
    }
  }
  const busy = sending.name === 'sending' || sending.name === 'repeating'
  return (
    <form
      class="card"
      aria-labelledby="new-event"
      onSubmit={event => {
        event.preventDefault()
        if (!busy) void create()
      }}
    >
      <h2 id="new-event">New event</h2>
      <Field label="Headline" fault={faultAt('headline')}>
        {attributes => (
          <input
            {...attributes}
            name="headline"
            required
            value={headline}
            onInput={event => setHeadline(inputValue(event))}
          />
        )}
      </Field>
      <Field label="Id (optional)" hint="a-z, 0-9 and -. Made from the headline when left empty." fault={faultAt('id')}>
        {attributes => <input {...attributes} name="id" value={id} onInput={event => setId(inputValue(event))} />}
      </Field>
      <Field label="Time zone" hint="Where it happens: times are shown and read in it." fault={faultAt('timeZone')}>
        {attributes => (
          <input
            {...attributes}
            name="timeZone"
            required
            list="time-zones"
            value={timeZone}
            onInput={event => setTimeZone(inputValue(event))}
          />
        )}
      </Field>
      <datalist id="time-zones">
        {['UTC', ...Intl.supportedValuesOf('timeZone')].map(zone => (
          <option key={zone} value={zone} />
        ))}
      </datalist>
      <Field label="Language" hint="A language tag, such as en or pt-BR." fault={faultAt('inLanguage')}>
        {attributes => (
          <input
            {...attributes}
            name="inLanguage"
            required
            list="languages"
            value={inLanguage}
            onInput={event => setLanguage(inputValue(event))}
          />
        )}
      </Field>
      <datalist id="languages">
        {LANGUAGES.map(tag => (
          <option key={tag} value={tag} />
        ))}
      </datalist>
      <p class="fault" role="alert">
        {problem === undefined ? '' : `${problem.title}. ${problem.detail ?? ''}`}
      </p>
      <button class="primary" type="submit" aria-disabled={busy}>
        Create the event
      </button>
      <span role="status" class="soft">
        {sending.name === 'sending' ? 'Creating…' : sending.name === 'repeating' ? `${sending.why} Trying again…` : ''}
      </span>
    </form>
  )
}
