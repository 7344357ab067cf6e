import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { Refusal } from '../../foundation/errors.ts'
import type { Logger } from '../../foundation/logger.ts'
import { readLineHead } from '../../protocol/entry.ts'
import { EMPTY_CHAIN } from '../../protocol/position.ts'
import type { Keys } from '../../redis/keys.ts'
import type { ScriptedRedis } from '../../redis/scripts.ts'
import { isLinked } from '../chain.ts'
import type { FeedReader } from '../feed-reader.ts'
import { ASIDE_MS, keepAside } from './aside-keys.ts'
import { COPY_PAGE, compareFields, type Field, pagesOf, STORED_PARTS, type StoredPart } from './event-parts.ts'
import { copyStored } from './stored-copy.ts'
import type { StoredEvents } from './stored-events.ts'

export interface EventCopyNeeds {
  readonly redis: ScriptedRedis
  readonly keys: Keys
  readonly reader: FeedReader
  readonly stored: StoredEvents
  readonly log: Logger
}

/** One event as it stood at one moment, however it goes on. It may be read as often as one likes, until it is dropped. */
export interface EventCopy {
  readonly eventId: string
  readonly epoch: string
  /** Its name in the archive store, where it is there. */
  readonly storedAs?: string
  /** The last entry. */
  readonly seq: number
  readonly chain: string
  readonly accepted: number
  readonly head: number
  /** So many updates and key events readers see. */
  readonly updates: number
  readonly keyEvents: number
  readonly sizes: Readonly<Record<StoredPart, number>>
  /** What `drafts` has under `normalization`, or ''. */
  readonly settings: string
  /** Pages of lines as committed, oldest first. Throws where the chain does not link: the feed itself is damaged. */
  lines(): AsyncGenerator<readonly string[]>
  /** Pages of a part, sorted by field. */
  fields(part: StoredPart): AsyncGenerator<readonly Field[]>
  /** What stands for these retracted updates. */
  tombstones(updateIds: readonly string[]): AsyncGenerator<readonly Field[]>
  drop(): Promise<void>
}

/** Undefined when there is no such event. */
export async function copyEvent(needs: EventCopyNeeds, eventId: string): Promise<EventCopy | undefined> {
  const { redis, keys } = needs
  const live = keys.event(eventId)
  const aside = live.aside(randomUUID())
  const copies = STORED_PARTS.map(({ part }) => aside[part])
  const answer = Answer.parse(
    await redis.dlCopyEvent(
      live.meta,
      live.order,
      live.keyEvents,
      ...STORED_PARTS.map(({ part }) => live[part]),
      ...copies,
      ASIDE_MS,
    ),
  )
  if (answer.length === 0) return undefined
  if (answer.length === 1) return await copyStored(needs, eventId, answer[0])
  const [epoch, accepted, head, seq, chain, updates, keyEvents, sizes] = answer
  const { drop } = keepAside(needs, copies)
  return {
    ...{ eventId, epoch, seq, chain, accepted, head, updates, keyEvents, drop },
    settings: (await redis.hget(aside.drafts, 'normalization')) ?? '',
    sizes: Object.fromEntries(STORED_PARTS.map(({ part }, i) => [part, sizes[i] ?? 0])) as EventCopy['sizes'],
    lines: () => readLines(needs, eventId, { epoch, seq, chain }),
    async *fields(part) {
      const names = await namesOf(redis, part, aside[part])
      for (const page of pagesOf(names)) yield await valuesOf(redis, part, aside[part], page)
    },
    async *tombstones(updateIds) {
      for (const page of pagesOf(updateIds)) yield zip(page, await redis.hmget(live.updates, ...page))
    },
  }
}

const Size = z.int().nonnegative()
const Answer = z.union([
  z.tuple([]),
  z.tuple([z.string()]),
  z.tuple([z.string(), Size, Size, z.int().positive(), z.string(), Size, Size, z.array(Size)]),
])

async function* readLines(
  { reader }: EventCopyNeeds,
  eventId: string,
  to: { epoch: string; seq: number; chain: string },
): AsyncGenerator<readonly string[]> {
  let [seq, chain] = [0, EMPTY_CHAIN]
  while (seq < to.seq) {
    const read = await reader.linesAfter(eventId, { seq, epoch: to.epoch }, Math.min(COPY_PAGE, to.seq - seq))
    if (!read.found) throw new Refusal('unavailable', 'The event was replaced while it was read. Begin again.')
    for (const line of read.lines) {
      seq += 1
      const head = readLineHead(line)
      if (head?.seq !== seq || !isLinked(chain, line)) throw new Error(`entry ${seq} of ${eventId} does not link`)
      chain = head.chain
    }
    yield read.lines
  }
  if (chain !== to.chain) throw new Error(`the feed of ${eventId} ends with another chain than its meta says`)
}

async function namesOf(redis: ScriptedRedis, part: StoredPart, key: string): Promise<string[]> {
  const type = STORED_PARTS.find(stored => stored.part === part)?.type
  const names =
    type === 'hash' ? redis.hkeys(key) : type === 'zset' ? redis.zrange(key, '0', '-1') : redis.smembers(key)
  return (await names).sort(compareFields)
}

async function valuesOf(redis: ScriptedRedis, part: StoredPart, key: string, names: string[]): Promise<Field[]> {
  if (part === 'passed') return names.map(name => [name, ''] as const)
  if (part === 'outboxTimes') return zip(names, await redis.zmscore(key, ...names))
  return zip(names, await redis.hmget(key, ...names))
}

function zip(names: readonly string[], values: readonly (string | null)[]): Field[] {
  return names.map((name, i) => {
    const value = values[i]
    if (value === null || value === undefined) throw new Error(`what an export reads has expired, or lacks ${name}`)
    return [name, value] as const
  })
}
