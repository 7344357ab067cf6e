import { renderDocument } from '../document/document.tsx'
import { islandJson } from '../document/json-island.ts'
import type { PageSettings } from '../viewer/render.tsx'
import { ISLAND_ID, type OpsIsland, ROOT_ID } from './ops-island.ts'

/** The ops console, a whole document: a shell, as everything on it needs a token, which only the browser has. */
export function renderOpsPage({ gatewayUrl }: PageSettings): string {
  const island: OpsIsland = { gatewayUrl }
  return renderDocument({
    title: 'Ops – Dateline',
    language: 'en',
    styles: 'ops',
    script: 'ops',
    unlisted: true,
    children: (
      <>
        <div id={ROOT_ID}>
          <noscript>
            <p class="ops-page">The console needs JavaScript. All of it can be done by API and command line too.</p>
          </noscript>
        </div>
        {/* islandJson escapes what could end the element. */}
        <script type="application/json" id={ISLAND_ID} dangerouslySetInnerHTML={{ __html: islandJson(island) }} />
      </>
    ),
  })
}
