import { render } from 'preact'
import { createClient } from '../../src/client/client.ts'
import { storageOr } from '../desk/browser-storage.ts'
import { MemoryStorage } from '../desk/memory-storage.ts'
import { readIsland } from '../document/json-island.ts'
import { OpsApp, type OpsSession } from './ops-app.tsx'
import { ISLAND_ID, type OpsIsland, ROOT_ID } from './ops-island.ts'
import { placeHref, readHash } from './place.ts'

const TOKEN_KEY = 'dateline-ops/token'

const perTab = storageOr(() => sessionStorage, new MemoryStorage())

/** Takes the token out of the address bar at once, so that it is neither copied nor shown with the address. */
function openSession(): OpsSession {
  const { token, place } = readHash(location.hash)
  if (token !== undefined) {
    perTab.setItem(TOKEN_KEY, token)
    history.replaceState(null, '', location.pathname + location.search + placeHref(place))
  }
  return {
    token: perTab.getItem(TOKEN_KEY) ?? undefined,
    keepToken(next) {
      if (next === undefined) perTab.removeItem(TOKEN_KEY)
      else perTab.setItem(TOKEN_KEY, next)
    },
  }
}

const island = readIsland<OpsIsland>(document, ISLAND_ID)
const session = openSession()
const client = createClient({
  url: location.origin,
  ...(island.gatewayUrl === undefined ? {} : { gatewayUrl: island.gatewayUrl }),
  ...(session.token === undefined ? {} : { token: session.token }),
})
const root = document.getElementById(ROOT_ID)
if (root !== null) {
  root.replaceChildren()
  render(<OpsApp client={client} session={session} />, root)
}
