import { hydrate } from 'preact'
import { createClient } from '../../src/client/client.ts'
import { readIsland } from '../document/json-island.ts'
import { ViewerApp } from './viewer-app.tsx'
import { ISLAND_ID, ROOT_ID, type ViewerIsland } from './viewer-island.ts'

const island = readIsland<ViewerIsland>(document, ISLAND_ID)
const client = createClient({
  url: location.origin,
  ...(island.gatewayUrl === undefined ? {} : { gatewayUrl: island.gatewayUrl }),
})
const root = document.getElementById(ROOT_ID)
if (root !== null) hydrate(<ViewerApp island={island} client={client} />, root)
