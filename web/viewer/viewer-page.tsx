import type { ComponentChildren } from 'preact'
import type { Reader } from '../reading/reader.ts'
import { ownWords } from '../reading/reader.ts'
import { UpdateArticle } from '../reading/update-article.tsx'
import { EventHeader } from './event-header.tsx'
import { EventSidebar } from './event-sidebar.tsx'
import { NewUpdatesButton, type OlderState, OlderUpdates } from './feed-controls.tsx'
import { ModeBanner, type PastDeeds } from './mode-banner.tsx'
import { type PageMode, placeHref } from './page-mode.ts'
import { pageStatus } from './page-status.ts'
import { Timeline } from './timeline.tsx'
import { TopBar } from './top-bar.tsx'
import { pinnedUpdate, type ViewerModel } from './viewer-model.ts'

/** What a reader can do on a page that runs; a page without script has links instead. */
export interface ViewerDeeds {
  readonly showNew: () => void
  readonly loadOlder: () => void
  readonly goToUpdate: (updateId: string) => void
  /** On pages that can go into the past. */
  readonly openPast?: () => void
  /** On pages that are there. */
  readonly past?: PastDeeds
}

export interface ViewerPageProps {
  readonly model: ViewerModel
  readonly reader: Reader
  readonly olderState: OlderState
  readonly mode: PageMode
  /** The last sentence for screen readers. */
  readonly announcement: string
  /** Whether the feed is whole, at its end. */
  readonly check?: ComponentChildren
  readonly deeds?: ViewerDeeds
  /** What stands above the page, at the foot of the window. */
  readonly children?: ComponentChildren
}

/** The viewer page: what the server renders, and what goes live in the browser. */
export function ViewerPage(props: ViewerPageProps) {
  const { model, reader, olderState, mode, announcement, check, deeds, children } = props
  const { event } = model.view
  const pinned = mode.name === 'older' ? undefined : pinnedUpdate(model)
  const status = pageStatus(mode, event.status, model.connection, reader.nowMs)
  // Who polls is told of no beacons: the last count would grow old.
  const isByPolling = model.connection.name === 'live' && model.connection.by === 'poll'
  return (
    <>
      <a class="skip" href="#updates" {...ownWords(reader)}>
        Skip to the updates
      </a>
      <TopBar status={status} viewers={isByPolling ? undefined : model.viewers} />
      <main class="page">
        <ModeBanner mode={mode} eventId={event.id} reader={reader} deeds={deeds?.past} />
        <EventHeader event={event} reader={reader}>
          {mode.name === 'live' && event.status !== 'scheduled' ? (
            <a
              class="past-link"
              href={placeHref(event.id, 1)}
              {...ownWords(reader)}
              onClick={press => {
                if (deeds?.openPast === undefined || press.metaKey || press.ctrlKey || press.shiftKey) return
                press.preventDefault()
                deeds.openPast()
              }}
            >
              As it happened
            </a>
          ) : null}
        </EventHeader>
        <EventSidebar model={model} reader={reader} goToUpdate={deeds?.goToUpdate} />
        <section class="feed" aria-labelledby="updates">
          {pinned === undefined ? null : (
            <div class="pinned">
              <UpdateArticle update={pinned} reader={reader} pinned copy />
            </div>
          )}
          <h2 id="updates" class="hidden-text" tabIndex={-1} {...ownWords(reader)}>
            Updates
          </h2>
          {mode.name === 'older' && mode.at === undefined ? (
            <p class="older-note" {...ownWords(reader)}>
              You are reading older updates. <a href={`/events/${event.id}`}>Go to the latest</a>
            </p>
          ) : null}
          {deeds === undefined ? null : <NewUpdatesButton count={model.held.size} press={deeds.showNew} />}
          <Timeline model={model} reader={reader} />
          <OlderUpdates model={model} state={olderState} load={deeds?.loadOlder} reader={reader} />
          {check}
        </section>
      </main>
      <p class="hidden-text" aria-live="polite" id="announcement" {...ownWords(reader)}>
        {announcement}
      </p>
      {children}
    </>
  )
}
