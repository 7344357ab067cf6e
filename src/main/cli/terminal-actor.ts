import { randomUUID } from 'node:crypto'
import { userInfo } from 'node:os'

/** Who the audit trail names for what is done at a terminal, without a token. */
export function terminalActor() {
  return { by: { sub: 'dateline', name: `${userInfo().username} at a terminal` }, requestId: randomUUID() }
}
