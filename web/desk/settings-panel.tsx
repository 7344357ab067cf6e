import { useEffect, useState } from 'preact/hooks'
import type { DatelineClient } from '../../src/client/types.ts'
import type { NormalizationSettings, SettingsNow } from '../../src/protocol/normalization.ts'
import type { Problem } from '../../src/protocol/problems.ts'
import { problemOf } from './problem-of.ts'
import { SettingsFields } from './settings-fields.tsx'
import { waitReason } from './wait-reason.ts'

export interface SettingsPanelProps {
  readonly client: DatelineClient
  readonly eventId: string
}

type Saving =
  | { name: 'no' }
  | { name: 'saving'; why?: string }
  | { name: 'saved' }
  | { name: 'failed'; problem: Problem }

/** How the event's updates are cleaned, read when an editor opens it. */
export function SettingsPanel({ client, eventId }: SettingsPanelProps) {
  const [isOpen, setOpen] = useState(false)
  const [standing, setStanding] = useState<SettingsNow>()
  const [settings, setSettings] = useState<NormalizationSettings>()
  const [saving, setSaving] = useState<Saving>({ name: 'no' })

  const load = () => {
    client.normalizationSettings(eventId).then(
      now => {
        setStanding(now)
        setSettings(now.settings)
        setSaving({ name: 'no' })
      },
      (error: unknown) => setSaving({ name: 'failed', problem: problemOf(error) }),
    )
  }
  useEffect(() => {
    if (isOpen && standing === undefined) load()
  }, [isOpen])

  const save = async () => {
    if (standing === undefined || settings === undefined || saving.name === 'saving') return
    setSaving({ name: 'saving' })
    try {
      const now = await client.changeNormalizationSettings(eventId, standing.version, settings, {
        onRepeat: ({ problem }) => setSaving({ name: 'saving', why: waitReason(problem) }),
      })
      setStanding(now)
      setSettings(now.settings)
      setSaving({ name: 'saved' })
    } catch (error) {
      setSaving({ name: 'failed', problem: problemOf(error) })
    }
  }
  const problem = saving.name === 'failed' ? saving.problem : undefined
  const isConflict = problem?.type === '/problems/version-mismatch'

  return (
    <details class="card settings" open={isOpen} onToggle={event => setOpen(event.currentTarget.open)}>
      <summary>
        <h2>Cleaning</h2>
      </summary>
      <p class="hint">What is done to every update of this event, from the next one on.</p>
      <form
        aria-label="Cleaning"
        onSubmit={event => {
          event.preventDefault()
          void save()
        }}
      >
        {settings === undefined ? null : (
          <SettingsFields
            settings={settings}
            errors={problem?.errors}
            change={next => {
              setSettings(next)
              setSaving({ name: 'no' })
            }}
          />
        )}
        <p class="fault" role="alert">
          {problem === undefined ? '' : `${problem.title}. ${problem.detail ?? ''}`}
        </p>
        <div class="deeds">
          {settings === undefined ? (
            problem === undefined ? null : (
              <button type="button" onClick={load}>
                Try again
              </button>
            )
          ) : (
            <button class="primary" type="submit" aria-disabled={saving.name === 'saving'}>
              Save
            </button>
          )}
          {isConflict ? (
            <button type="button" onClick={load}>
              Show what stands now
            </button>
          ) : null}
          <span role="status" class="soft">
            {saving.name === 'saving' ? `${saving.why ?? ''} Saving…` : saving.name === 'saved' ? 'Saved.' : ''}
          </span>
        </div>
      </form>
    </details>
  )
}
