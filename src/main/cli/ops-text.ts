import type { EventOverview, Intake, OpsDeed, Overview, ProcessPresence, QueueCounts } from '../../protocol/ops.ts'
import { columns, oneLine } from './terminal-text.ts'

/** Pure: the overview as sections of columns. */
export function overviewText({ intake, store, queues, processes, events }: Overview): string {
  return [
    `Intake: ${intakeText(intake)}\n`,
    `Store: ${storeText(store)}\n`,
    section('Queues', queues.map(queueRow)),
    section('Processes', processes.map(processRow)),
    section('Events, the one that was active last first', events.map(eventRow)),
  ].join('')
}

/** Pure. */
export function intakeText(intake: Intake): string {
  if (!intake.paused) return 'open'
  return oneLine(`paused since ${intake.since} by ${intake.by}: ${intake.reason}`)
}

/** Pure: the deeds of ops, as they come. */
export function deedsText(deeds: readonly OpsDeed[]): string {
  return columns(
    deeds.map(({ at, by, action, detail }) => [at, oneLine(by.name), action, oneLine(JSON.stringify(detail))]),
  )
}

function section(title: string, rows: readonly (readonly string[])[]): string {
  return `${title}: ${rows.length}\n${columns(rows.map(row => row.map((cell, i) => (i === 0 ? `  ${cell}` : cell))))}`
}

function storeText({ reachable, usedBytes, maxBytes, fullAt, durability, version }: Overview['store']): string {
  if (!reachable) return 'Redis does not answer; of the rest nothing is known'
  const limit = maxBytes === null ? '' : ` of ${megabytes(maxBytes)}`
  const full = fullAt === null ? '' : `, full at ${fullAt} if it grows on`
  return `Redis ${oneLine(version)}, ${durability}, ${megabytes(usedBytes)}${limit}${full}`
}

function queueRow({ name, waiting, active, delayed, failed, paused }: QueueCounts): string[] {
  const counts = `${waiting} waiting, ${active} active, ${delayed} delayed, ${failed} failed`
  return [name, paused ? `paused, ${counts}` : counts]
}

function processRow({ id, kind, host, pid, state, viewers, rooms, eventLoopDelayMs }: ProcessPresence): string[] {
  const watched = kind === 'gateway' || kind === 'everything' ? `${viewers} viewers in ${rooms.length} rooms` : ''
  return [id, kind, `${oneLine(host)} ${pid}`, state, `${eventLoopDelayMs} ms late`, watched]
}

function eventRow(event: EventOverview): string[] {
  const { id, status, viewers, seq, updatesPerMinute, waiting, oldestWaitingMs, dead, held } = event
  const wait = oldestWaitingMs === null ? '' : ` for up to ${Math.round(oldestWaitingMs / 1_000)} s`
  return [
    ...[id, status, `${viewers} viewers`, `${seq} entries`, `${updatesPerMinute}/min`],
    ...[`${waiting} waiting${wait}`, `${dead} dead`, `${held} held`],
  ]
}

function megabytes(bytes: number): string {
  return `${(bytes / 1_048_576).toFixed(1)} MB`
}
