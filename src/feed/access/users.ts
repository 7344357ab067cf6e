import { Refusal } from '../../foundation/errors.ts'
import { User } from '../../protocol/access.ts'
import type { Keys } from '../../redis/keys.ts'
import type { ScriptedRedis } from '../../redis/scripts.ts'
import { type AuditEntry, deedText } from '../audit-trail.ts'

/** Who does it, and what the audit trail says of it. */
export type UserDeed = Omit<AuditEntry, 'id' | 'at'>

/** What may be said of somebody; `events: null` is all of them. */
export interface UserChange {
  readonly name?: string | undefined
  readonly roles?: User['roles'] | undefined
  readonly events?: readonly string[] | null | undefined
  readonly state?: User['state'] | undefined
}

const SCAN_COUNT = 500
/** Two who change the same one at the same time: the later one looks again. */
const MAX_ATTEMPTS = 10

/** A small register of a newsroom: who may be given which token. Each change is audited in the step that makes it. */
export function createUsers({ redis, keys }: { redis: ScriptedRedis; keys: Keys }) {
  async function put(sub: string, before: string, after: string, deed: UserDeed, now: Date): Promise<boolean> {
    return Number(await redis.dlPutUser(keys.users, keys.audit, sub, before, after, deedText(deed, now))) === 1
  }

  /** Throws the Refusal not-found. */
  async function read(sub: string): Promise<{ text: string; user: User }> {
    const text = await redis.hget(keys.users, sub)
    if (text === null) throw new Refusal('not-found', `There is no user ${sub}.`)
    return { text, user: User.parse(JSON.parse(text)) }
  }

  async function change(
    sub: string,
    deed: UserDeed,
    now: Date,
    apply: (user: User) => User | undefined,
  ): Promise<{ before: User; after: User | undefined }> {
    for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
      const { text, user: before } = await read(sub)
      const after = apply(before)
      const record = after === undefined ? '' : JSON.stringify(User.parse(after))
      if (await put(sub, text, record, deed, now)) return { before, after }
    }
    throw new Refusal('unavailable', `Others are changing ${sub} all the time. Try again.`)
  }

  return {
    /** Undefined when there is one with that sub already. */
    async add(draft: Pick<User, 'sub' | 'name' | 'roles' | 'events'>, deed: UserDeed, now: Date) {
      const at = now.toISOString()
      const user = User.parse({ ...draft, state: 'active', createdAt: at, changedAt: at })
      return (await put(user.sub, '', JSON.stringify(user), deed, now)) ? user : undefined
    },

    /** Throws the Refusal not-found. */
    async find(sub: string): Promise<User> {
      return (await read(sub)).user
    },

    /** Throws the Refusal not-found. */
    async change(sub: string, changes: UserChange, deed: UserDeed, now: Date): Promise<User> {
      const { after } = await change(sub, deed, now, user => changed(user, changes, now))
      if (after === undefined) throw new Error(`user ${sub} was changed to nothing`)
      return after
    },

    /** Throws the Refusal not-found. */
    async remove(sub: string, deed: UserDeed, now: Date): Promise<User> {
      return (await change(sub, deed, now, () => undefined)).before
    },

    /** All, by their sub. */
    async list(): Promise<User[]> {
      const found = new Map<string, User>()
      let cursor = '0'
      do {
        const [next, pairs] = await redis.hscan(keys.users, cursor, 'COUNT', SCAN_COUNT)
        for (let i = 0; i + 1 < pairs.length; i += 2) {
          found.set(String(pairs[i]), User.parse(JSON.parse(String(pairs[i + 1]))))
        }
        cursor = next
      } while (cursor !== '0')
      return [...found.values()].toSorted((a, b) => (a.sub < b.sub ? -1 : 1))
    },
  }
}

function changed(user: User, { name, roles, events, state }: UserChange, now: Date): User {
  const { events: eventsBefore, ...before } = user
  const eventsNow = events === undefined ? eventsBefore : events === null ? undefined : [...events]
  return {
    ...before,
    name: name ?? before.name,
    roles: roles ?? before.roles,
    ...(eventsNow === undefined ? {} : { events: eventsNow }),
    state: state ?? before.state,
    changedAt: now.toISOString(),
  }
}
