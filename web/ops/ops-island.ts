/** The element that the console is rendered in. */
export const ROOT_ID = 'ops'

/** The data block with the console's settings. */
export const ISLAND_ID = 'ops-data'

/** What the server tells the console's script. */
export interface OpsIsland {
  readonly gatewayUrl: string | undefined
}
