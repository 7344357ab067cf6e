import type { ProcessKind, ProcessPresence } from '../../../src/protocol/ops.ts'
import type { OpsApi } from '../ops-api.ts'
import { ConfirmButton } from '../parts/confirm-button.tsx'
import { DeedAnswer, Panel } from '../parts/panel.tsx'
import { type Deeds, useDeeds } from '../parts/use-deeds.ts'
import { countWords, spanWords } from '../parts/words.ts'
import { placeHref } from '../place.ts'

export interface ProcessListProps {
  readonly api: OpsApi
  readonly processes: readonly ProcessPresence[]
  readonly nowMs: number
  readonly reload: () => void
}

const KIND_WORDS: Readonly<Record<ProcessKind, string>> = {
  api: 'Api',
  worker: 'Worker',
  gateway: 'Gateway',
  everything: 'Api, worker and gateway',
}

const DRAIN_WORDS: Readonly<Record<ProcessKind, string>> = {
  api: 'It answers what it was asked, and ends.',
  worker: 'It finishes the jobs that it has, and ends. Others take what waits.',
  gateway:
    'Its viewers are told one after the other to connect anew, to another gateway, and it ends. They miss nothing.',
  everything:
    'It finishes its jobs, sends its viewers away and ends. If it is the only process, Dateline stops, this page too.',
}

/** So late an event loop shows in what viewers see. */
const SLOW_LOOP_MS = 100
const ROOMS_SHOWN = 12

/** Who runs, with the rooms of each gateway. */
export function ProcessList({ api, processes, nowMs, reload }: ProcessListProps) {
  const deeds = useDeeds(reload)
  return (
    <Panel title="Processes" class="whole">
      {processes.length === 0 ? <p class="soft">No process has told of itself in the last 15 seconds.</p> : null}
      <ul class="processes">
        {processes.map(one => (
          <ProcessItem key={one.id} api={api} one={one} nowMs={nowMs} deeds={deeds} />
        ))}
      </ul>
      <DeedAnswer deeds={deeds} />
    </Panel>
  )
}

interface ProcessItemProps {
  readonly api: OpsApi
  readonly one: ProcessPresence
  readonly nowMs: number
  readonly deeds: Deeds
}

function ProcessItem({ api, one, nowMs, deeds }: ProcessItemProps) {
  const { id, kind, host, pid, version, startedAt, state, viewers, eventLoopDelayMs } = one
  const name = `${KIND_WORDS[kind]} ${host} ${pid}`
  const isGateway = kind === 'gateway' || kind === 'everything'
  return (
    <li>
      <div class="process-head">
        <h3>
          {KIND_WORDS[kind]}{' '}
          <span class="soft">
            on {host}, process {pid}
          </span>
        </h3>
        {state === 'draining' ? (
          <span class="status is-warning">Draining</span>
        ) : (
          <ConfirmButton
            label="Drain"
            name={`Drain ${name}`}
            isBusy={deeds.isBusy}
            title={`Drain this ${kind === 'everything' ? 'process' : kind}?`}
            deed="Drain it"
            keep="Leave it running"
            act={() => deeds.act(() => api.drain(id), `${name} drains.`)}
          >
            <p>
              {host}, process {pid}. {DRAIN_WORDS[kind]}
            </p>
          </ConfirmButton>
        )}
      </div>
      <p class="soft">
        {isGateway ? `${countWords(viewers, 'viewer')} · ` : ''}up for{' '}
        {spanWords(Math.max(0, nowMs - Date.parse(startedAt)))} · {version} ·{' '}
        <span class={eventLoopDelayMs > SLOW_LOOP_MS ? 'is-bad' : ''}>
          event loop {spanWords(eventLoopDelayMs)} late
        </span>
      </p>
      {isGateway ? <Rooms one={one} /> : null}
    </li>
  )
}

function Rooms({ one: { rooms } }: { one: ProcessPresence }) {
  if (rooms.length === 0) return <p class="soft">No room is open.</p>
  const shown = rooms.toSorted((a, b) => b.viewers - a.viewers).slice(0, ROOMS_SHOWN)
  return (
    <ul class="rooms" aria-label="Rooms">
      {shown.map(({ room, viewers, seq }) => (
        <li key={room}>
          {room.startsWith('replay:') ? (
            <>Rehearsal {room.slice('replay:'.length)}</>
          ) : (
            <a href={placeHref({ view: 'event', eventId: room })}>{room}</a>
          )}
          : {countWords(viewers, 'viewer')}, entry {seq}
        </li>
      ))}
      {rooms.length > shown.length ? <li>and {rooms.length - shown.length} more</li> : null}
    </ul>
  )
}
