import { renderDocument } from '../document/document.tsx'
import { islandJson } from '../document/json-island.ts'
import type { PageSettings } from '../viewer/render.tsx'
import { type DeskIsland, ISLAND_ID, ROOT_ID } from './desk-island.ts'

/** The desk, a whole document: a shell, as everything on it needs a token, which only the browser has. */
export function renderDeskPage({ gatewayUrl, mediaOrigins }: PageSettings): string {
  const island: DeskIsland = { gatewayUrl, mediaOrigins }
  return renderDocument({
    title: 'Desk – Dateline',
    language: 'en',
    styles: 'desk',
    script: 'desk',
    unlisted: true,
    children: (
      <>
        <div id={ROOT_ID}>
          <noscript>
            <p class="desk-page">The desk needs JavaScript. Viewer pages can be read without it.</p>
          </noscript>
        </div>
        {/* islandJson escapes what could end the element. */}
        <script type="application/json" id={ISLAND_ID} dangerouslySetInnerHTML={{ __html: islandJson(island) }} />
      </>
    ),
  })
}
