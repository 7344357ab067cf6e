import type { Snapshot } from '../../src/protocol/snapshot.ts'
import { renderDocument } from '../document/document.tsx'
import { islandJson } from '../document/json-island.ts'
import { olderPageHref } from '../reading/links.ts'
import { liveBlogPosting } from './json-ld.ts'
import type { PageMode, PastPlace } from './page-mode.ts'
import { ISLAND_ID, type RehearsalIsland, ROOT_ID, type ViewerIsland } from './viewer-island.ts'
import { openViewer } from './viewer-model.ts'
import { ViewerPage } from './viewer-page.tsx'

export interface PageSettings {
  /** Where the browser finds the gateways; undefined when they share the page's address. */
  readonly gatewayUrl: string | undefined
  /** Origins whose pictures pages may fetch by themselves. */
  readonly mediaOrigins: readonly string[]
}

/** Without any of it the page goes live. */
export interface ViewedPage {
  /** `?before=`: the snapshot is a page of older updates. */
  readonly isOlder?: boolean
  /** `?at=`: the snapshot is of a place in the past. */
  readonly past?: PastPlace | undefined
}

/**
 * The viewer page of one event, a whole document. It can be read without script; with it, it goes live from the
 * snapshot's position. Nothing inline is run or styled.
 */
export function renderViewerPage(snapshot: Snapshot, settings: PageSettings, page: ViewedPage = {}): string {
  const { event } = snapshot
  const mode = modeOf(page)
  const island: ViewerIsland = {
    kind: 'event',
    snapshot,
    gatewayUrl: settings.gatewayUrl,
    mediaOrigins: settings.mediaOrigins,
    renderedAtMs: Date.now(),
    mode,
  }
  const older = olderPageHref(event.id, snapshot.links.older)
  const isPast = page.past !== undefined
  return renderDocument({
    title: isPast ? `${event.headline} – as it happened` : `${event.headline} – live`,
    description: [event.description, event.summaryPoints.join(' ')].find(text => text) ?? event.headline,
    language: event.inLanguage,
    styles: 'viewer',
    script: 'viewer',
    // What is no more the case is not to be found as if it were.
    unlisted: event.visibility === 'private' || isPast,
    head: (
      <>
        <link rel="canonical" href={`/events/${event.id}`} />
        {older === undefined ? null : <link rel="next" href={older} />}
        <meta property="og:type" content="article" />
        <meta property="og:title" content={event.headline} />
        {isPast ? null : <DataBlock type="application/ld+json" data={liveBlogPosting(snapshot)} />}
      </>
    ),
    children: (
      <>
        <div id={ROOT_ID}>
          <ViewerPage
            model={openViewer(snapshot, { name: 'still' })}
            reader={{
              zone: event.timeZone,
              ownZone: undefined,
              language: event.inLanguage,
              nowMs: page.past === undefined ? island.renderedAtMs : Date.parse(page.past.moment),
              pictureOrigins: settings.mediaOrigins,
            }}
            olderState="idle"
            mode={mode}
            announcement=""
          />
        </div>
        <DataBlock type="application/json" id={ISLAND_ID} data={island} />
      </>
    ),
  })
}

/** The page of a rehearsal room. What is in it comes over the socket alone, to those who may see it. */
export function renderRehearsalPage(eventId: string, replayId: string, settings: PageSettings): string {
  const island: RehearsalIsland = { kind: 'rehearsal', eventId, replayId, ...settings }
  return renderDocument({
    title: 'Rehearsal',
    language: 'en',
    styles: 'viewer',
    script: 'viewer',
    unlisted: true,
    children: (
      <>
        <div id={ROOT_ID}>
          <main class="page notice-page">
            <h1>Rehearsal</h1>
            <p>This page needs JavaScript, and the token of an editor or of ops.</p>
          </main>
        </div>
        <DataBlock type="application/json" id={ISLAND_ID} data={island} />
      </>
    ),
  })
}

function modeOf({ isOlder, past }: ViewedPage): PageMode {
  if (isOlder === true) return { name: 'older', ...(past === undefined ? {} : { at: String(past.seq) }) }
  return past === undefined ? { name: 'live' } : { name: 'past', place: past }
}

/** islandJson escapes what could end the element. */
function DataBlock({ type, id, data }: { type: string; id?: string; data: unknown }) {
  return <script type={type} id={id} dangerouslySetInnerHTML={{ __html: islandJson(data) }} />
}
