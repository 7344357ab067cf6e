import type { Snapshot } from '../../src/protocol/snapshot.ts'
import { renderDocument } from '../document/document.tsx'
import { islandJson } from '../document/json-island.ts'
import { olderPageHref } from '../reading/links.ts'
import { liveBlogPosting } from './json-ld.ts'
import { ISLAND_ID, ROOT_ID, type ViewerIsland } from './viewer-island.ts'
import { openViewer } from './viewer-model.ts'
import { ViewerPage } from './viewer-page.tsx'

export interface PageSettings {
  /** Where the browser finds the gateways; undefined when they share the page's address. */
  readonly gatewayUrl: string | undefined
  /** Origins whose pictures pages may fetch by themselves. */
  readonly mediaOrigins: readonly string[]
}

export interface ViewerPageOptions {
  /** The cursor of `?before=`: the snapshot is a page of older updates, and does not go live. */
  readonly before?: string | undefined
}

/**
 * The viewer page of one event, a whole document. It can be read without script; with it, it goes live from the
 * snapshot's position. Nothing inline is run or styled.
 */
export function renderViewerPage(snapshot: Snapshot, settings: PageSettings, options: ViewerPageOptions = {}): string {
  const { event } = snapshot
  const island: ViewerIsland = {
    snapshot,
    gatewayUrl: settings.gatewayUrl,
    mediaOrigins: settings.mediaOrigins,
    renderedAtMs: Date.now(),
    isOlderPage: options.before !== undefined,
  }
  const older = olderPageHref(event.id, snapshot.links.older)
  return renderDocument({
    title: `${event.headline} – live`,
    description: [event.description, event.summaryPoints.join(' ')].find(text => text) ?? event.headline,
    language: event.inLanguage,
    styles: 'viewer',
    script: 'viewer',
    unlisted: event.visibility === 'private',
    head: (
      <>
        <link rel="canonical" href={`/events/${event.id}`} />
        {older === undefined ? null : <link rel="next" href={older} />}
        <meta property="og:type" content="article" />
        <meta property="og:title" content={event.headline} />
        <DataBlock type="application/ld+json" data={liveBlogPosting(snapshot)} />
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
              nowMs: island.renderedAtMs,
              pictureOrigins: settings.mediaOrigins,
            }}
            olderState="idle"
            isOlderPage={island.isOlderPage}
            announcement=""
          />
        </div>
        <DataBlock type="application/json" id={ISLAND_ID} data={island} />
      </>
    ),
  })
}

/** islandJson escapes what could end the element. */
function DataBlock({ type, id, data }: { type: string; id?: string; data: unknown }) {
  return <script type={type} id={id} dangerouslySetInnerHTML={{ __html: islandJson(data) }} />
}
