import type { IncomingMessage } from 'node:http'
import { Refusal } from '../foundation/errors.ts'

/**
 * Pure: whether a page of this origin may connect here: the gateway's own host, or one that is listed (`*`: any). Programs
 * outside of browsers send no Origin. (CORS does not guard a websocket upgrade: this check does.)
 */
export function isOriginAllowed(req: Pick<IncomingMessage, 'headers'>, listed: readonly string[]): boolean {
  const { origin, host } = req.headers
  if (origin === undefined) return true
  if (listed.includes(origin) || listed.includes('*')) return true
  return URL.canParse(origin) && host !== undefined && new URL(origin).host === host
}

export function originRefused({ headers }: Pick<IncomingMessage, 'headers'>): Refusal {
  return new Refusal('not-allowed', `Pages of ${headers.origin} may not connect here.`)
}
