import { useState } from 'preact/hooks'
import { Field, inputValue } from '../../desk/field.tsx'
import type { OpsApi } from '../ops-api.ts'
import { DeedAnswer } from '../parts/panel.tsx'
import { useDeeds } from '../parts/use-deeds.ts'
import { readReplayPlace } from './replay-place.ts'
import { SPEED_CHOICES, speedOf, speedWords } from './replay-speeds.ts'

export interface ReplayFormProps {
  readonly api: OpsApi
  readonly eventId: string
  readonly last: number | undefined
  readonly reload: () => void
}

/** Begins a replay. */
export function ReplayForm({ api, eventId, last, reload }: ReplayFormProps) {
  const [from, setFrom] = useState('')
  const [to, setTo] = useState('')
  const [speed, setSpeed] = useState('1')
  const [silence, setSilence] = useState('')
  const deeds = useDeeds(reload)
  const [first, end] = [readReplayPlace(from), readReplayPlace(to)]
  const [showsFaults, setShowsFaults] = useState(false)

  const begin = () => {
    setShowsFaults(true)
    if (!first.ok || !end.ok) return
    setShowsFaults(false)
    const wish = {
      from: first.place ?? 1,
      speed: speedOf(speed),
      ...(end.place === undefined ? {} : { to: end.place }),
      ...(silence === '' ? {} : { maxSilenceMs: Math.round(Number(silence) * 1_000) }),
    }
    void deeds.act(
      () => api.beginReplay(eventId, wish),
      replay => `A replay of entries ${replay.from} to ${replay.to} has begun.`,
    )
  }
  return (
    <form
      class="replay-form"
      aria-label="New replay"
      onSubmit={event => {
        event.preventDefault()
        begin()
      }}
    >
      <h3>New replay</h3>
      <div class="in-a-row">
        <Field label="From" hint="Entry or moment" fault={showsFaults && !first.ok ? first.fault : undefined}>
          {attributes => (
            <input {...attributes} placeholder="1" value={from} onInput={event => setFrom(inputValue(event))} />
          )}
        </Field>
        <Field label="To" hint="Entry or moment" fault={showsFaults && !end.ok ? end.fault : undefined}>
          {attributes => (
            <input
              {...attributes}
              placeholder={last === undefined ? 'the last' : String(last)}
              value={to}
              onInput={event => setTo(inputValue(event))}
            />
          )}
        </Field>
        <Field label="Speed" hint="Of the real pace">
          {attributes => (
            <select {...attributes} value={speed} onChange={event => setSpeed(inputValue(event))}>
              {SPEED_CHOICES.map(choice => (
                <option key={choice} value={choice}>
                  {speedWords(choice)}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field label="Longest silence (s)" hint="Empty: as it was">
          {attributes => (
            <input
              {...attributes}
              type="number"
              min={0}
              max={86_400}
              step="any"
              value={silence}
              onInput={event => setSilence(inputValue(event))}
            />
          )}
        </Field>
      </div>
      <div class="deeds">
        <button type="submit" class="primary" aria-disabled={deeds.isBusy}>
          Begin the replay
        </button>
      </div>
      <DeedAnswer deeds={deeds} />
    </form>
  )
}
