import { z } from 'zod'
import { readLineHead } from '../protocol/entry.ts'
import { Event } from '../protocol/event.ts'
import { EMPTY_CHAIN, type Position } from '../protocol/position.ts'
import type { Keys } from '../redis/keys.ts'
import type { ScriptedRedis } from '../redis/scripts.ts'
import type { StoredEvents } from './archive/stored-events.ts'
import { type FeedReader, MissingLine } from './feed-reader.ts'
import { parseCursor, snapshotText } from './snapshot-text.ts'

export interface RedisFeedReaderNeeds {
  readonly redis: ScriptedRedis
  readonly keys: Keys
  /** Where events are read that were moved out of Redis. Without it there are none. */
  readonly stored?: StoredEvents
}

/** The FeedReader of what commit.lua wrote, wherever it stands now. */
export function createFeedReader({ redis, keys, stored }: RedisFeedReaderNeeds): FeedReader {
  function store(): StoredEvents {
    if (stored === undefined) throw new Error('there is an event in the archive store, and this process has none')
    return stored
  }

  return {
    async snapshot(eventId, { limit, before }) {
      const event = keys.event(eventId)
      const cursor = before === undefined ? { score: '', member: '' } : parseCursor(before)
      const read = await redis.dlReadSnapshot(
        event.meta,
        event.event,
        event.updates,
        event.order,
        event.places,
        event.keyEvents,
        limit,
        cursor.score,
        cursor.member,
      )
      const parts = SnapshotParts.parse(read)
      if (parts.length === 0) return undefined
      if (parts.length === 5) {
        const [epoch, seq, chain, eventJson, name] = parts
        const pinnedId = PINNED.exec(eventJson)?.[1]
        const [place = ''] = cursor.member.split(':')
        const from = before === undefined ? undefined : { sortMs: Number(cursor.score), place: Number(place) }
        const page = await store().use(eventId, name, archive => archive.snapshot(limit, from, pinnedId))
        const position = { epoch, seq, chain }
        return { json: snapshotText({ eventId, position, eventJson, ...page, limit }), position }
      }
      const [epoch, seq, chain, eventJson, pinned, older, updates, keyEvents] = parts
      const position = { epoch, seq, chain }
      return {
        json: snapshotText({ eventId, position, eventJson, updates, pinned, keyEvents, older, limit }),
        position,
      }
    },

    async linesAfter(eventId, after, limit) {
      const { meta, feed, purged } = keys.event(eventId)
      const found = await redis.dlReadLines(meta, feed, purged, after.seq, after.epoch ?? '', after.chain ?? '', limit)
      const answer = LinesAnswer.parse(found)
      if (answer[0] === 'stored') {
        const [, epoch, lastSeq, name] = answer
        return await store().use(eventId, name, async archive => {
          const chain = await archive.chainAt(after.seq)
          if ((after.chain ?? '') !== '' && after.chain !== chain) return { found: false, why: 'chain-mismatch' }
          const lines = await archive.lines(after.seq, limit)
          const position = lastPosition({ epoch, seq: after.seq, chain }, lines)
          return { found: true, epoch, lines, position, complete: position.seq === lastSeq }
        })
      }
      if (answer[0] !== 'found') return { found: false, why: answer[0] }
      const [, epoch, lastSeq, chain, ...read] = answer
      const lines = read.map((line, i) => {
        if (line === null) throw new MissingLine(eventId, after.seq + i + 1)
        return line
      })
      const position = lastPosition({ epoch, seq: after.seq, chain }, lines)
      return { found: true, epoch, lines, position, complete: position.seq === lastSeq }
    },

    async head(eventId) {
      const [epoch, seq, chain] = await redis.hmget(keys.event(eventId).meta, 'epoch', 'seq', 'chain')
      if (typeof epoch !== 'string' || seq === '0') return undefined
      return { epoch, seq: Number(seq), chain: chain ?? EMPTY_CHAIN }
    },

    async event(eventId) {
      const json = await redis.get(keys.event(eventId).event)
      return json === null ? undefined : Event.parse(JSON.parse(json))
    },

    async update(eventId, updateId) {
      const json = await redis.hget(keys.event(eventId).updates, updateId)
      return json ?? (await stored?.useIfStored(eventId, archive => archive.update(updateId)))
    },
  }
}

function lastPosition(after: Position, lines: readonly string[]): Position {
  const last = lines.at(-1)
  if (last === undefined) return after
  const head = readLineHead(last)
  if (head === undefined) throw new Error(`line ${after.seq + lines.length} of the feed cannot be read`)
  return { epoch: after.epoch, seq: head.seq, chain: head.chain }
}

const Seq = z.int().nonnegative()
const PINNED = /"pinnedUpdateId":"([^"]+)"/
const SnapshotParts = z.union([
  z.tuple([]),
  z.tuple([z.string(), Seq, z.string(), z.string(), z.string()]),
  z.tuple([z.string(), Seq, z.string(), z.string(), z.string(), z.string(), z.array(z.string()), z.array(z.string())]),
])
const LinesAnswer = z.union([
  z.tuple([z.literal('found'), z.string(), Seq, z.string()], z.string().nullable()),
  z.tuple([z.literal('stored'), z.string(), Seq, z.string()]),
  z.tuple([z.enum(['no-event', 'epoch-changed', 'ahead-of-feed', 'chain-mismatch'])]),
])
