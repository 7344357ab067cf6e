import { useState } from 'preact/hooks'
import type { DatelineClient } from '../../../src/client/types.ts'
import type { Replay, ReplayPatch } from '../../../src/protocol/replay.ts'
import type { OpsApi } from '../ops-api.ts'
import { ConfirmButton } from '../parts/confirm-button.tsx'
import { DeedAnswer } from '../parts/panel.tsx'
import { useDeeds } from '../parts/use-deeds.ts'
import { RehearsalList } from './rehearsal-list.tsx'
import { ReplayControls } from './replay-controls.tsx'
import { progressWords, timeLeftMs } from './replay-progress.ts'
import { speedWords } from './replay-speeds.ts'
import { useReplayTimes } from './use-replay-times.ts'

export interface ReplayCardProps {
  readonly api: OpsApi
  readonly client: DatelineClient
  readonly replay: Replay
  readonly token: string | undefined
  readonly reload: () => void
  /** Says that it is gone. */
  readonly tell: (words: string) => void
}

/** One replay: how far it is, how it is steered, and what its viewers see. */
export function ReplayCard({ api, client, replay, token, reload, tell }: ReplayCardProps) {
  const [isWatched, setWatched] = useState(false)
  const deeds = useDeeds(reload)
  const times = useReplayTimes(api, replay)
  const { id, eventId, from, to, seq, speed, state, maxSilenceMs } = replay
  const words = progressWords(replay, timeLeftMs(replay, times))
  const change = (patch: ReplayPatch, done: string) => void deeds.act(() => api.changeReplay(replay, patch), done)

  /** The token goes behind the #, where the page takes it from at once; it is never sent in an address. */
  const openPage = () =>
    open(`/events/${eventId}?replay=${id}#token=${encodeURIComponent(token ?? '')}`, '_blank', 'noopener')

  return (
    <li class="replay">
      <h3>
        Entries {from} to {to}, {speedWords(speed)}
        {maxSilenceMs === undefined ? '' : `, silences of at most ${maxSilenceMs / 1_000} s`}{' '}
        <span class="soft code">{id}</span>
      </h3>
      <progress aria-label={`Progress of replay ${id}`} max={to - from + 1} value={seq - from + 1} />
      <p class="progress-words">{words}</p>
      <ReplayControls replay={replay} isBusy={deeds.isBusy} change={change} />
      <div class="deeds">
        <button type="button" aria-expanded={isWatched} onClick={() => setWatched(!isWatched)}>
          {isWatched ? 'Close the list' : 'Watch here'}
        </button>
        <button type="button" onClick={openPage}>
          Open the rehearsal page
        </button>
        <ConfirmButton
          label={state === 'ended' ? 'Remove' : 'Stop'}
          name={`${state === 'ended' ? 'Remove' : 'Stop'} replay ${id}`}
          isBusy={deeds.isBusy}
          title={state === 'ended' ? 'Remove this replay?' : 'Stop this replay?'}
          deed={state === 'ended' ? 'Remove it' : 'Stop it'}
          keep="Keep it"
          act={async () => {
            if (await deeds.act(() => api.endReplay(replay), '')) tell(`Replay ${id} is gone.`)
          }}
        >
          <p>Its rehearsal room closes for all who are in it. The live event is not touched.</p>
        </ConfirmButton>
      </div>
      <DeedAnswer deeds={deeds} />
      {isWatched ? <RehearsalList client={client} replay={replay} /> : null}
    </li>
  )
}
