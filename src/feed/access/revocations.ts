import { randomUUID } from 'node:crypto'
import { Revocation, type RevocationRequest } from '../../protocol/access.ts'
import type { Keys } from '../../redis/keys.ts'
import type { ScriptedRedis } from '../../redis/scripts.ts'
import { type AuditEntry, deedText } from '../audit-trail.ts'

export interface RevocationStoreNeeds {
  readonly redis: ScriptedRedis
  readonly keys: Keys
  /** No token holds for longer, so that what was revoked before is needed no more. */
  readonly maxLifeMs: number
}

/** `jti:<id>` or `sub:<sub>` -> when it was revoked, in ms since 1970. */
export type RevocationTimes = ReadonlyMap<string, number>

export type RevocationStore = ReturnType<typeof createRevocationStore>

const SCAN_COUNT = 1_000

/** The list of revoked tokens, for all processes. */
export function createRevocationStore({ redis, keys, maxLifeMs }: RevocationStoreNeeds) {
  const { revocations, revocationTimes, revocationsState, revocationsChanged, audit } = keys
  return {
    /** Revokes, notes it in the audit trail, and has every process look: one step. Answers what stands then. */
    async revoke(request: RevocationRequest, by: Pick<AuditEntry, 'by' | 'requestId'>, now: Date): Promise<Revocation> {
      const record: Revocation = { ...request, at: now.toISOString(), by: by.by.name }
      const deed = deedText({ ...by, action: 'tokens-revoked', detail: request }, now)
      const standing = await redis.dlRevoke(
        ...[revocations, revocationTimes, revocationsState, revocationsChanged, audit],
        ...[revokedField(request), JSON.stringify(record), now.getTime(), maxLifeMs, randomUUID(), deed],
      )
      return Revocation.parse(JSON.parse(String(standing)))
    },

    /** Another one after each revocation; as long as it is the same, so is the list. */
    async state(): Promise<string> {
      return (await redis.get(revocationsState)) ?? ''
    },

    /** All of the list, in steps that keep Redis from nothing else. */
    async times(): Promise<RevocationTimes> {
      const times = new Map<string, number>()
      let cursor = '0'
      do {
        const [next, found] = await redis.zscan(revocationTimes, cursor, 'COUNT', SCAN_COUNT)
        for (let i = 0; i + 1 < found.length; i += 2) times.set(String(found[i]), Number(found[i + 1]))
        cursor = next
      } while (cursor !== '0')
      return times
    },

    /** Newest first. */
    async page(offset: number, limit: number, now: Date): Promise<{ revocations: Revocation[]; more: boolean }> {
      const oldest = `(${now.getTime() - maxLifeMs}`
      const fields = await redis.zrevrangebyscore(revocationTimes, '+inf', oldest, 'LIMIT', offset, limit + 1)
      const here = fields.slice(0, limit)
      const records = here.length === 0 ? [] : await redis.hmget(revocations, ...here)
      return {
        revocations: records.flatMap(record => (record === null ? [] : [Revocation.parse(JSON.parse(record))])),
        more: fields.length > limit,
      }
    },
  }
}

/** Where a revocation stands in the list. */
export function revokedField(of: { readonly jti: string } | { readonly sub: string }): string {
  return 'jti' in of ? `jti:${of.jti}` : `sub:${of.sub}`
}
