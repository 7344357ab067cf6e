import type { Reader } from '../reading/reader.ts'
import { ownWords } from '../reading/reader.ts'
import { statusLine } from '../reading/status-line.ts'
import { UpdateArticle } from '../reading/update-article.tsx'
import { EventHeader } from './event-header.tsx'
import { EventSidebar } from './event-sidebar.tsx'
import { NewUpdatesButton, type OlderState, OlderUpdates } from './feed-controls.tsx'
import { Timeline } from './timeline.tsx'
import { TopBar } from './top-bar.tsx'
import { pinnedUpdate, type ViewerModel } from './viewer-model.ts'

/** What a reader can do on a page that runs; a page without script has links instead. */
export interface ViewerDeeds {
  readonly showNew: () => void
  readonly loadOlder: () => void
  readonly goToUpdate: (updateId: string) => void
}

export interface ViewerPageProps {
  readonly model: ViewerModel
  readonly reader: Reader
  readonly olderState: OlderState
  /** A page of older updates, opened by its own address: it does not go live. */
  readonly isOlderPage: boolean
  /** The last sentence for screen readers. */
  readonly announcement: string
  readonly deeds?: ViewerDeeds
}

/** The viewer page: what the server renders, and what goes live in the browser. */
export function ViewerPage({ model, reader, olderState, isOlderPage, announcement, deeds }: ViewerPageProps) {
  const { event } = model.view
  const pinned = isOlderPage ? undefined : pinnedUpdate(model)
  const status = statusLine(event.status, model.connection, reader.nowMs)
  return (
    <>
      <a class="skip" href="#updates" {...ownWords(reader)}>
        Skip to the updates
      </a>
      <TopBar status={status} viewers={model.viewers} />
      <main class="page">
        <EventHeader event={event} reader={reader} />
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
          {isOlderPage ? (
            <p class="older-note" {...ownWords(reader)}>
              You are reading older updates. <a href={`/events/${event.id}`}>Go to the latest</a>
            </p>
          ) : null}
          {deeds === undefined ? null : <NewUpdatesButton count={model.held.size} press={deeds.showNew} />}
          <Timeline model={model} reader={reader} />
          <OlderUpdates model={model} state={olderState} load={deeds?.loadOlder} reader={reader} />
        </section>
      </main>
      <p class="hidden-text" aria-live="polite" id="announcement" {...ownWords(reader)}>
        {announcement}
      </p>
    </>
  )
}
