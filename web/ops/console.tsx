import { useEffect, useRef, useState } from 'preact/hooks'
import type { DatelineClient } from '../../src/client/types.ts'
import type { TokenOwner } from '../desk/token.ts'
import { DeadLettersPanel } from './dead-letters/dead-letters-panel.tsx'
import { EventView } from './event/event-view.tsx'
import { TrailPanel } from './event/trail-panel.tsx'
import { NowView } from './now/now-view.tsx'
import type { OpsApi } from './ops-api.ts'
import { Staleness } from './parts/staleness.tsx'
import { usePolled } from './parts/use-polled.ts'
import type { Place } from './place.ts'

export interface ConsoleProps {
  readonly api: OpsApi
  readonly client: DatelineClient
  readonly place: Place
  readonly owner: TokenOwner
  readonly token: string | undefined
  readonly nowMs: number
}

const OVERVIEW_EVERY_MS = 2_000

/** What is chosen, under what concerns everybody: whether the numbers are fresh, and whether the intake is paused. */
export function Console({ api, client, place, owner, token, nowMs }: ConsoleProps) {
  const [page, setPage] = useState<string>()
  const overview = usePolled(signal => api.overview(page, signal), {
    everyMs: OVERVIEW_EVERY_MS,
    key: `${owner.sub} ${page ?? ''}`,
  })
  const heading = useFocusOnChange(place)
  useEffect(() => overview.reload(), [token])
  const intake = overview.value?.page.intake

  return (
    <>
      <div class="top">
        <h1 ref={heading} tabIndex={-1} class={place.view === 'event' ? 'hidden-text' : ''}>
          {titleOf(place)}
        </h1>
        <Staleness polled={overview} />
        {intake?.paused === true && place.view !== 'now' ? (
          <p class="banner">
            <b>The intake is paused:</b> <bdi>{intake.reason}</bdi>
          </p>
        ) : null}
      </div>
      {place.view === 'now' ? (
        <NowView api={api} overview={overview} isFirstPage={page === undefined} turnTo={setPage} nowMs={nowMs} />
      ) : null}
      {place.view === 'dead-letters' ? <DeadLettersPanel api={api} eventId={undefined} /> : null}
      {place.view === 'trail' ? <TrailPanel api={api} eventId={undefined} /> : null}
      {place.view === 'event' ? (
        <EventView
          key={place.eventId}
          api={api}
          client={client}
          eventId={place.eventId}
          row={overview.value?.page.events.find(({ id }) => id === place.eventId)}
          isEditor={owner.roles.includes('editor')}
          token={token}
        />
      ) : null}
    </>
  )
}

function titleOf(place: Place): string {
  switch (place.view) {
    case 'now':
      return 'Now'
    case 'dead-letters':
      return 'Dead letters'
    case 'trail':
      return 'What ops did'
    case 'event':
      return `Event ${place.eventId}`
  }
}

/** Whoever goes to another view hears where they are: the focus goes to its heading. */
function useFocusOnChange(place: Place) {
  const heading = useRef<HTMLHeadingElement>(null)
  const isFirst = useRef(true)
  const name = place.view === 'event' ? place.eventId : place.view
  useEffect(() => {
    document.title = `${titleOf(place)} – Dateline ops`
    if (!isFirst.current) {
      scrollTo(0, 0)
      heading.current?.focus()
    }
    isFirst.current = false
  }, [name])
  return heading
}
