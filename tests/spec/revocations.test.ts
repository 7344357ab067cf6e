import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { watchRevocations } from '../../src/feed/access/revocation-watch.ts'
import type { AnnouncementListener } from '../../src/feed/announcements.ts'
import { createLogger } from '../../src/foundation/logger.ts'
import type { Revocations } from '../../src/foundation/revoked.ts'
import { createTokens } from '../../src/foundation/tokens.ts'

const SECRET = 'a secret of at least 32 characters!'
const DAY_MS = 86_400_000
const NOW = Date.parse('2026-11-24T10:00:00.000Z')

beforeEach(() => {
  vi.useFakeTimers({ now: NOW })
})
afterEach(() => {
  vi.useRealTimers()
})

/** A list in this process. */
function aList() {
  const revoked = new Set<string>()
  const listeners = new Set<() => void>()
  const revocations: Revocations = {
    isRevoked: ({ sub }) => revoked.has(sub),
    listen(changed) {
      listeners.add(changed)
      return () => listeners.delete(changed)
    },
  }
  return {
    revocations,
    listeners,
    revoke(sub: string) {
      revoked.add(sub)
      for (const listener of [...listeners]) listener()
    },
  }
}

describe('a watch over a token', () => {
  async function watched(expires: string) {
    const { revocations, listeners, revoke } = aList()
    const tokens = createTokens(SECRET, { revocations })
    const claims = { sub: 'anna', name: 'Anna', roles: ['editor'] } as const
    const subject = await tokens.verify(await tokens.sign(claims, expires))
    const lost = vi.fn()
    return { tokens, subject, lost, listeners, revoke, leave: tokens.watch(subject, lost) }
  }

  it('[REVOKE7] tells once when it runs out, also after months', async () => {
    for (const expires of ['5s', '60d']) {
      const { subject, lost, listeners } = await watched(expires)
      await vi.advanceTimersByTimeAsync(subject.expiresAt - Date.now() - 1)
      expect(lost).not.toHaveBeenCalled()
      await vi.advanceTimersByTimeAsync(2)
      expect(lost).toHaveBeenCalledOnce()
      expect(listeners.size + vi.getTimerCount()).toBe(0)
    }
  })

  it('[REVOKE7] tells once when it is revoked, and not of others', async () => {
    const { tokens, subject, lost, listeners, revoke } = await watched('1h')
    revoke('bert')
    expect(lost).not.toHaveBeenCalled()
    expect(tokens.holds(subject)).toBe(true)
    revoke('anna')
    revoke('anna')
    expect(lost).toHaveBeenCalledOnce()
    expect(tokens.holds(subject)).toBe(false)
    expect(listeners.size + vi.getTimerCount()).toBe(0)
    tokens.watch(subject, lost)
    expect(lost).toHaveBeenCalledTimes(2)
  })

  it('[REVOKE7] tells nothing any more once it is left', async () => {
    const { lost, listeners, revoke, leave } = await watched('5s')
    leave()
    revoke('anna')
    await vi.advanceTimersByTimeAsync(10_000)
    expect(lost).not.toHaveBeenCalled()
    expect(listeners.size + vi.getTimerCount()).toBe(0)
  })
})

describe('what a process knows of revocations', () => {
  async function watching(first: Record<string, number> = {}) {
    let times = new Map(Object.entries(first))
    let state = 'first'
    let fault: Error | undefined
    let listener: AnnouncementListener = {}
    const fail = () => {
      if (fault !== undefined) throw fault
    }
    const revocations = {
      state: vi.fn(async () => {
        fail()
        return state
      }),
      times: vi.fn(async () => {
        fail()
        return times
      }),
    }
    const watch = await watchRevocations({
      revocations,
      announcements: {
        async listenToRevocations(given) {
          listener = given
          return () => {
            listener = {}
          }
        },
      },
      maxLifeMs: 30 * DAY_MS,
      log: createLogger('silent', 'test'),
    })
    return {
      watch,
      revocations,
      become(next: Record<string, number>) {
        times = new Map(Object.entries(next))
        state = crypto.randomUUID()
      },
      setFault(next: Error | undefined) {
        fault = next
      },
      announced: () => listener.changed?.(),
      reconnected: () => listener.reconnected?.(),
    }
  }
  const isRevoked = (watch: Revocations, sub: string, issuedAt = NOW - 1) =>
    watch.isRevoked({ sub, tokenId: `of ${sub}`, issuedAt })

  it('[REVOKE11] is read before anybody is let in: no list, no start', async () => {
    const { watch } = await watching({ 'sub:anna': NOW, 'jti:of bert': NOW })
    expect(isRevoked(watch, 'anna')).toBe(true)
    expect(isRevoked(watch, 'anna', NOW)).toBe(true)
    expect(isRevoked(watch, 'anna', NOW + 1)).toBe(false)
    expect(isRevoked(watch, 'bert', NOW + 1)).toBe(true)
    expect(isRevoked(watch, 'carl')).toBe(false)
    await watch.stop()
    expect(vi.getTimerCount()).toBe(0)
    const away = watchRevocations({
      revocations: { state: () => Promise.reject(new Error('away')), times: async () => new Map() },
      announcements: { listenToRevocations: async () => () => {} },
      ...{ maxLifeMs: DAY_MS, log: createLogger('silent', 'test') },
    })
    await expect(away).rejects.toThrow('away')
  })

  it('[REVOKE12] follows announcements, reconnects, and looks by itself; it reads the list only when it changed', async () => {
    const { watch, revocations, become, announced, reconnected } = await watching()
    const heard = vi.fn()
    watch.listen(heard)
    for (const [sub, happens] of [
      ['anna', announced],
      ['bert', reconnected],
      ['carl', () => vi.advanceTimersByTimeAsync(1_600)],
    ] as const) {
      become({ [`sub:${sub}`]: NOW })
      await happens()
      await vi.advanceTimersByTimeAsync(0)
      expect(isRevoked(watch, sub)).toBe(true)
    }
    expect(heard).toHaveBeenCalledTimes(3)
    const reads = revocations.times.mock.calls.length
    await vi.advanceTimersByTimeAsync(60_000)
    expect(revocations.times.mock.calls.length).toBe(reads)
    await watch.stop()
  })

  it('[REVOKE11] [REVOKE14] holds while Redis is away, and when it comes back with less', async () => {
    const { watch, become, setFault, announced } = await watching({ 'sub:anna': NOW })
    setFault(new Error('away'))
    announced()
    await vi.advanceTimersByTimeAsync(60_000)
    expect(isRevoked(watch, 'anna')).toBe(true)
    become({ 'sub:bert': NOW })
    setFault(undefined)
    await vi.advanceTimersByTimeAsync(1_600)
    for (const sub of ['anna', 'bert']) expect(isRevoked(watch, sub)).toBe(true)
    become({ 'sub:anna': NOW - DAY_MS })
    await watch.look()
    expect(isRevoked(watch, 'anna', NOW)).toBe(true)
    await watch.stop()
  })

  it('[REVOKE11] is dropped when no token can need it any more', async () => {
    const { watch, become } = await watching({ 'sub:anna': NOW, 'jti:old': NOW })
    vi.setSystemTime(NOW + 30 * DAY_MS)
    become({ 'sub:bert': Date.now() })
    await watch.look()
    expect(isRevoked(watch, 'anna')).toBe(false)
    expect(watch.isRevoked({ sub: 'carl', tokenId: 'old', issuedAt: NOW })).toBe(false)
    expect(isRevoked(watch, 'bert')).toBe(true)
    await watch.stop()
  })
})
