import { hydrate, render } from 'preact'
import { createClient } from '../../src/client/client.ts'
import type { DatelineClient } from '../../src/client/types.ts'
import { storageOr } from '../desk/browser-storage.ts'
import { MemoryStorage } from '../desk/memory-storage.ts'
import { readHash } from '../desk/token.ts'
import { readIsland } from '../document/json-island.ts'
import { RehearsalApp } from './rehearsal-app.tsx'
import { ViewerApp } from './viewer-app.tsx'
import { ISLAND_ID, type RehearsalIsland, ROOT_ID, type ViewerIsland } from './viewer-island.ts'

const TOKEN_KEY = 'dateline-rehearsal/token'

const island = readIsland<ViewerIsland | RehearsalIsland>(document, ISLAND_ID)
const root = document.getElementById(ROOT_ID)
if (root !== null) {
  if (island.kind === 'event') hydrate(<ViewerApp island={island} client={openClient(undefined)} />, root)
  else showRehearsal(island, root)
}

function openClient(token: string | undefined): DatelineClient {
  const { gatewayUrl } = island
  return createClient({
    url: location.origin,
    ...(gatewayUrl === undefined ? {} : { gatewayUrl }),
    ...(token === undefined ? {} : { token }),
  })
}

function showRehearsal(rehearsal: RehearsalIsland, place: HTMLElement): void {
  const perTab = storageOr(() => sessionStorage, new MemoryStorage())
  const { token } = readHash(location.hash)
  if (token !== undefined) {
    perTab.setItem(TOKEN_KEY, token)
    // Out of the address bar at once, so that it is neither copied nor shown with the address.
    history.replaceState(null, '', location.pathname + location.search)
  }
  const client = openClient(perTab.getItem(TOKEN_KEY) ?? undefined)
  const takeToken = (next: string) => {
    perTab.setItem(TOKEN_KEY, next)
    client.setToken(next)
  }
  place.replaceChildren()
  render(<RehearsalApp island={rehearsal} client={client} takeToken={takeToken} />, place)
}
