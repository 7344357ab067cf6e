import { useState } from 'preact/hooks'
import type { Replay, ReplayPatch } from '../../../src/protocol/replay.ts'
import { Field, inputValue } from '../../desk/field.tsx'
import { SPEED_CHOICES, speedOf, speedWords } from './replay-speeds.ts'

export interface ReplayControlsProps {
  readonly replay: Replay
  readonly isBusy: boolean
  /** `done` is said when it worked. */
  readonly change: (patch: ReplayPatch, done: string) => void
}

/** Pause, resume, step, seek, and change of speed. */
export function ReplayControls({ replay, isBusy, change }: ReplayControlsProps) {
  const { state, seq, from, to, speed } = replay
  const [sought, setSought] = useState('')
  const choices: readonly string[] = SPEED_CHOICES
  const isLast = seq >= to
  const press = (patch: ReplayPatch, done: string) => () => isBusy || change(patch, done)
  return (
    <div class="in-a-row controls">
      <div class="deeds">
        {state === 'running' ? (
          <button type="button" aria-disabled={isBusy} onClick={press({ state: 'paused' }, 'Paused.')}>
            Pause
          </button>
        ) : null}
        {state === 'paused' ? (
          <button type="button" aria-disabled={isBusy} onClick={press({ state: 'running' }, 'It goes on.')}>
            Resume
          </button>
        ) : null}
        {isLast ? null : (
          <button type="button" aria-disabled={isBusy} onClick={press({ step: true }, 'One entry was sent.')}>
            Step
          </button>
        )}
        {state === 'ended' ? (
          <button type="button" aria-disabled={isBusy} onClick={press({ seq: from }, 'It begins again.')}>
            Play again
          </button>
        ) : null}
      </div>
      <form
        class="in-a-row"
        onSubmit={event => {
          event.preventDefault()
          if (!isBusy) change({ seq: Number(sought) }, `It goes on with entry ${sought}.`)
        }}
      >
        <Field label="Go to entry">
          {attributes => (
            <input
              {...attributes}
              type="number"
              min={from}
              max={to}
              required
              value={sought}
              onInput={event => setSought(inputValue(event))}
            />
          )}
        </Field>
        <button type="submit" aria-disabled={isBusy}>
          Go
        </button>
      </form>
      <Field label="Speed">
        {attributes => (
          <select
            {...attributes}
            value={String(speed)}
            onChange={event => {
              const chosen = inputValue(event)
              change({ speed: speedOf(chosen) }, `It goes on ${speedWords(chosen)}.`)
            }}
          >
            {(choices.includes(String(speed)) ? choices : [String(speed), ...choices]).map(choice => (
              <option key={choice} value={choice}>
                {speedWords(choice)}
              </option>
            ))}
          </select>
        )}
      </Field>
    </div>
  )
}
