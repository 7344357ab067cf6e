import type { Part } from '../../foundation/lifecycle.ts'
import type { Logger } from '../../foundation/logger.ts'
import type { Revocations } from '../../foundation/revoked.ts'
import type { Announcements } from '../announcements.ts'
import { type RevocationStore, type RevocationTimes, revokedField } from './revocations.ts'

/** However a revocation was announced, a process knows of it after this long at the latest. */
const LOOK_EVERY_MS = 1_500

export interface RevocationWatch extends Revocations, Part {
  /** Looks at once: for whoever has just revoked something. */
  look(): Promise<void>
}

export interface RevocationWatchNeeds {
  readonly revocations: Pick<RevocationStore, 'state' | 'times'>
  readonly announcements: Pick<Announcements, 'listenToRevocations'>
  /** Older revocations are needed no more. */
  readonly maxLifeMs: number
  readonly log: Logger
}

/**
 * Keeps the list of revoked tokens in memory: a request asks nothing of Redis for it. Revocations are announced, and looked
 * for as well, because an announcement can be lost. While Redis is away the list stays as it is; and nothing that was once
 * on it leaves it before its time, also when Redis has lost it.
 */
export async function watchRevocations(needs: RevocationWatchNeeds): Promise<RevocationWatch> {
  const { revocations, announcements, maxLifeMs, log } = needs
  const listeners = new Set<() => void>()
  let times: RevocationTimes = new Map()
  let state = ''
  let stopped = false
  let timer: NodeJS.Timeout | undefined
  let looking: Promise<void> = Promise.resolve()

  async function lookNow(): Promise<void> {
    const next = await revocations.state()
    if (next === state) return
    // What is revoked meanwhile has another state, and is read the next time.
    times = joined(times, await revocations.times(), Date.now() - maxLifeMs)
    state = next
    for (const listener of [...listeners]) listener()
  }

  /** One after the other, so that no earlier answer takes the place of a later one. */
  function look(): Promise<void> {
    const turn = looking.then(lookNow)
    looking = turn.catch(() => undefined) // whoever asked is told
    return turn
  }

  function lookAnyway(): Promise<void> {
    return look().catch((err: unknown) => log.warn({ err }, 'which tokens were revoked could not be read'))
  }

  function lookAgainLater(): void {
    timer = setTimeout(() => {
      void lookAnyway().then(() => {
        if (!stopped) lookAgainLater()
      })
    }, LOOK_EVERY_MS)
  }

  const lookSoon = () => void lookAnyway()
  const leave = await announcements.listenToRevocations({ changed: lookSoon, reconnected: lookSoon })
  await look()
  lookAgainLater()
  return {
    name: 'revocation watch',
    look,
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
    async stop() {
      stopped = true
      clearTimeout(timer)
      leave()
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
