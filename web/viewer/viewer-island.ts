import type { Snapshot } from '../../src/protocol/snapshot.ts'
import type { PageMode } from './page-mode.ts'

/** The element that the page is hydrated in. */
export const ROOT_ID = 'viewer'

/** The data block that hydration starts from. */
export const ISLAND_ID = 'viewer-data'

/** What the server tells the page's script. */
export interface ViewerIsland {
  readonly kind: 'event'
  readonly snapshot: Snapshot
  readonly gatewayUrl: string | undefined
  readonly mediaOrigins: readonly string[]
  /** ms since 1970: the first browser render repeats the server's. */
  readonly renderedAtMs: number
  readonly mode: PageMode
}

/** What it tells the script of a rehearsal's page: nothing that is not in the address. */
export interface RehearsalIsland {
  readonly kind: 'rehearsal'
  readonly eventId: string
  readonly replayId: string
  readonly gatewayUrl: string | undefined
  readonly mediaOrigins: readonly string[]
}
