import type { Entry } from '../protocol/entry.ts'
import type { Position } from '../protocol/position.ts'
import type { Problem } from '../protocol/problems.ts'
import type { EntryPage, Snapshot } from '../protocol/snapshot.ts'
import type { Beacon, JoinAnswer, Notice } from '../protocol/socket.ts'

/*
 * What comes from the network is looked at here, once. Only what the SDK itself relies on is checked, so that a page
 * never breaks on a garbled message, and one that is older than its server takes fields and types it does not know.
 * By hand and not by schema: a schema library would be most of what a reader's phone has to load.
 */

export function readProblem(value: unknown): Problem | undefined {
  if (!isRecord(value) || typeof value['type'] !== 'string' || typeof value['title'] !== 'string') return undefined
  if (typeof value['status'] !== 'number' || typeof value['retry'] !== 'boolean') return undefined
  return value as unknown as Problem
}

export function readJoinAnswer(value: unknown): JoinAnswer | undefined {
  if (!isRecord(value)) return undefined
  const { result, position, entries, snapshot, problem, reason } = value
  const isFull =
    (result === 'resumed' && isPosition(position) && Array.isArray(entries)) ||
    (result === 'restarted' && isPosition(position) && isSnapshot(snapshot) && typeof reason === 'string') ||
    (result === 'refused' && readProblem(problem) !== undefined)
  return isFull ? (value as unknown as JoinAnswer) : undefined
}

/** An entry of a type that is not known needs no more than its place in the feed. */
export function readEntry(value: unknown): Entry | undefined {
  if (!isRecord(value) || !isSeq(value['seq']) || typeof value['chain'] !== 'string') return undefined
  const isFull = entryParts[String(value['type'])] ?? (() => typeof value['type'] === 'string')
  return isFull(value) ? (value as unknown as Entry) : undefined
}

/** Its entries are looked at one by one (readEntry). */
export function readEntryPage(value: unknown): EntryPage | undefined {
  if (!isRecord(value) || typeof value['epoch'] !== 'string' || !Array.isArray(value['entries'])) return undefined
  if (!isPosition(value['position']) || typeof value['complete'] !== 'boolean') return undefined
  return value as unknown as EntryPage
}

export function readSnapshot(value: unknown): Snapshot | undefined {
  return isSnapshot(value) ? value : undefined
}

export function readPosition(value: unknown): Position | undefined {
  return isPosition(value) ? value : undefined
}

export function readBeacon(value: unknown): Beacon | undefined {
  if (!isRecord(value) || typeof value['eventId'] !== 'string' || !isPosition(value)) return undefined
  return value as unknown as Beacon
}

export function readNotice(value: unknown): Notice | undefined {
  if (!isRecord(value)) return undefined
  const isFull =
    (value['kind'] === 'draining' && typeof value['reconnectInMs'] === 'number') ||
    (value['kind'] === 'restart' && typeof value['eventId'] === 'string') ||
    value['kind'] === 'token-expired'
  return isFull ? (value as unknown as Notice) : undefined
}

const entryParts: Record<string, (entry: Record<string, unknown>) => boolean> = {
  published: ({ update }) => isUpdate(update),
  revised: ({ update }) => isUpdate(update),
  retracted: ({ updateId }) => typeof updateId === 'string',
  purged: ({ updateId }) => typeof updateId === 'string',
  event: ({ event }) => isEvent(event),
}

function isSnapshot(value: unknown): value is Snapshot {
  if (!isRecord(value) || !isEvent(value['event']) || !isPosition(value['position'])) return false
  const { updates, keyEvents, links, pinned } = value
  if (!Array.isArray(updates) || !updates.every(isUpdate) || !Array.isArray(keyEvents) || !isRecord(links)) return false
  return pinned === null || isUpdate(pinned)
}

function isUpdate(value: unknown): boolean {
  return isRecord(value) && ['id', 'sortTime', 'datePublished', 'happenedAt'].every(it => typeof value[it] === 'string')
}

function isEvent(value: unknown): boolean {
  return isRecord(value) && typeof value['id'] === 'string' && typeof value['headline'] === 'string'
}

function isPosition(value: unknown): value is Position {
  if (!isRecord(value) || typeof value['epoch'] !== 'string' || typeof value['chain'] !== 'string') return false
  return value['seq'] === 0 || isSeq(value['seq'])
}

function isSeq(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) > 0
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
