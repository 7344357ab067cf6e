import type { IncomingMessage } from 'node:http'

/**
 * Pure: whether a page of this origin may open a socket here: the gateway's own host, or one that is listed. Programs
 * outside of browsers send no Origin. (CORS does not guard a websocket upgrade: this check does.)
 */
export function isOriginAllowed(req: Pick<IncomingMessage, 'headers'>, publicOrigins: readonly string[]): boolean {
  const { origin, host } = req.headers
  if (origin === undefined) return true
  if (publicOrigins.includes(origin)) return true
  return URL.canParse(origin) && host !== undefined && new URL(origin).host === host
}
