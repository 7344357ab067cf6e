import type { Event, EventStatus } from '../../protocol/event.ts'
import type { Position } from '../../protocol/position.ts'
import { EXIT } from '../command-line.ts'
import type { CliContext } from './command.ts'
import { openClient, type ServerOptions } from './server.ts'
import { columns, oneLine } from './terminal-text.ts'

export interface ListOptions extends ServerOptions {
  readonly status?: EventStatus
  readonly json?: true
}

export interface ShowOptions extends ServerOptions {
  readonly json?: true
}

/** Private events are shown to those who may see them. */
const AS_READER = { name: 'Terminal', roles: ['ops'], isNeeded: false } as const

/** `events`: resolves with the exit code. Throws ProblemError. */
export async function listEvents({ status, json, ...server }: ListOptions, context: CliContext): Promise<number> {
  const client = await openClient(server, context, AS_READER)
  const all = await client.events()
  const events = status === undefined ? all : all.filter(event => event.status === status)
  const row = (event: Event) => [event.id, statusText(event), event.coverageStartTime, oneLine(event.headline)]
  const { stdout } = context
  stdout.write(json === true ? `${JSON.stringify(events, undefined, 2)}\n` : columns(events.map(row)))
  return EXIT.done
}

/** `events show EVENT`: resolves with the exit code. Throws ProblemError. */
export async function showEvent(eventId: string, options: ShowOptions, context: CliContext): Promise<number> {
  const client = await openClient(options, context, AS_READER)
  const { event, position } = await client.feed(eventId, { limit: 1 })
  const { stdout } = context
  if (options.json === true) stdout.write(`${JSON.stringify({ event, position }, undefined, 2)}\n`)
  else stdout.write(columns(rowsOf(event, position)))
  return EXIT.done
}

function rowsOf(event: Event, { seq, epoch }: Position): [string, string][] {
  const { headline, description, coverageStartTime, coverageEndTime, timeZone, inLanguage, version } = event
  const rows: [string, string | undefined][] = [
    ['id', event.id],
    ['headline', headline],
    ['description', description],
    ['status', statusText(event)],
    [
      'coverage',
      coverageEndTime === undefined ? `from ${coverageStartTime}` : `${coverageStartTime} to ${coverageEndTime}`,
    ],
    ['time zone', timeZone],
    ['language', inLanguage],
    ['version', String(version)],
    ['entries', `${seq}, in epoch ${epoch}`],
  ]
  return rows.flatMap(([name, value]) => (value === undefined ? [] : [[name, oneLine(value)] as [string, string]]))
}

function statusText({ status, visibility }: Event): string {
  return visibility === 'private' ? `${status}, private` : status
}
