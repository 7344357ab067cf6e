import { render } from 'preact'
import { createClient } from '../../src/client/client.ts'
import { readIsland } from '../document/json-island.ts'
import { storageOr } from './browser-storage.ts'
import { DeskApp, type DeskSession } from './desk-app.tsx'
import { type DeskIsland, ISLAND_ID, ROOT_ID } from './desk-island.ts'
import { MemoryStorage } from './memory-storage.ts'
import { formatHash, readHash } from './token.ts'

const TOKEN_KEY = 'dateline-desk/token'
const TAB_KEY = 'dateline-desk/tab'

const perTab = storageOr(() => sessionStorage, new MemoryStorage())
// One that keeps nothing says so, and the desk warns whoever types.
const kept = storageOr(() => localStorage, new MemoryStorage(0))

/** Takes the token out of the address bar at once, so that it is neither copied nor shown with the address. */
function openSession(): DeskSession {
  const hash = readHash(location.hash)
  if (hash.token !== undefined) {
    perTab.setItem(TOKEN_KEY, hash.token)
    history.replaceState(null, '', location.pathname + location.search + formatHash(hash.event))
  }
  const tab = perTab.getItem(TAB_KEY) ?? String(crypto.getRandomValues(new Uint32Array(1))[0])
  perTab.setItem(TAB_KEY, tab)
  return {
    token: perTab.getItem(TOKEN_KEY) ?? undefined,
    eventId: hash.event,
    tab,
    keepToken(token) {
      if (token === undefined) perTab.removeItem(TOKEN_KEY)
      else perTab.setItem(TOKEN_KEY, token)
    },
    keepEvent: eventId => history.replaceState(null, '', location.pathname + location.search + formatHash(eventId)),
  }
}

const island = readIsland<DeskIsland>(document, ISLAND_ID)
const session = openSession()
const client = createClient({
  url: location.origin,
  ...(island.gatewayUrl === undefined ? {} : { gatewayUrl: island.gatewayUrl }),
  ...(session.token === undefined ? {} : { token: session.token }),
})
const root = document.getElementById(ROOT_ID)
if (root !== null) {
  root.replaceChildren()
  render(<DeskApp island={island} client={client} session={session} storage={kept} />, root)
}
