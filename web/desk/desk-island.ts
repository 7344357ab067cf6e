/** The element that the desk is rendered in. */
export const ROOT_ID = 'desk'

/** The data block with the desk's settings. */
export const ISLAND_ID = 'desk-data'

/** What the server tells the desk's script. */
export interface DeskIsland {
  readonly gatewayUrl: string | undefined
  readonly mediaOrigins: readonly string[]
}
