import type { Logger } from '../../foundation/logger.ts'
import type { Revocations } from '../../foundation/revoked.ts'
import type { Announcements } from '../announcements.ts'
import { keepLooking, type Looking } from '../keep-looking.ts'
import { type RevocationStore, type RevocationTimes, revokedField } from './revocations.ts'

export type RevocationWatch = Revocations & Looking

export interface RevocationWatchNeeds {
  readonly revocations: Pick<RevocationStore, 'state' | 'times'>
  readonly announcements: Pick<Announcements, 'listenToRevocations'>
  /** Older revocations are needed no more. */
  readonly maxLifeMs: number
  readonly log: Logger
}

/**
 * Keeps the list of revoked tokens in memory. While Redis is away it stays as it is; and nothing that was once on it leaves
 * it before its time, also when Redis has lost it.
 */
export async function watchRevocations(needs: RevocationWatchNeeds): Promise<RevocationWatch> {
  const { revocations, announcements, maxLifeMs, log } = needs
  const listeners = new Set<() => void>()
  let times: RevocationTimes = new Map()
  let state = ''

  async function lookNow(): Promise<void> {
    const next = await revocations.state()
    if (next === state) return
    // What is revoked meanwhile has another state, and is read the next time.
    times = joined(times, await revocations.times(), Date.now() - maxLifeMs)
    state = next
    for (const listener of [...listeners]) listener()
  }

  const looking = await keepLooking({
    name: 'revocation watch',
    lookNow,
    listen: listener => announcements.listenToRevocations(listener),
    log,
  })
  return {
    ...looking,
    isRevoked({ sub, tokenId, issuedAt }) {
      if (times.has(revokedField({ jti: tokenId }))) return true
      const until = times.get(revokedField({ sub }))
      return until !== undefined && issuedAt <= until
    },
    listen(changed) {
      // One function for each, so that whoever listens twice leaves twice.
      const listener = () => changed()
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

/** Both lists, the later time of each, without what is too old. */
function joined(known: RevocationTimes, read: RevocationTimes, after: number): RevocationTimes {
  const all = new Map(known)
  for (const [field, at] of read) all.set(field, Math.max(at, all.get(field) ?? 0))
  for (const [field, at] of all) if (at <= after) all.delete(field)
  return all
}
