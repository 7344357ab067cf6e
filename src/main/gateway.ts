import type { Announcements } from '../feed/announcements.ts'
import { gatewayName } from '../feed/arrivals.ts'
import { trustOf } from '../foundation/http/client-address.ts'
import type { Part } from '../foundation/lifecycle.ts'
import type { Tokens } from '../foundation/tokens.ts'
import { createDoor, type Door } from '../gateway/door.ts'
import { createEntryTraces } from '../gateway/entry-traces.ts'
import { type Gateway, startGateway } from '../gateway/gateway.ts'
import { createRooms, type Rooms } from '../gateway/rooms.ts'
import { createStreams, type Streams } from '../gateway/streams.ts'
import { createHealth } from '../ops/health.ts'
import { createHttpApp } from './http-app.ts'
import { type HttpPart, listen } from './listen.ts'
import { metricsOnMainPort, openMetricsPort } from './metrics-port.ts'
import { openAnnouncements, openStore, type Store } from './open-store.ts'
import { type OpenTokens, openTokens } from './open-tokens.ts'
import { runProcess, type Start } from './run.ts'
import { tellPresence } from './tell-presence.ts'

/** The gateway process: viewers' sockets. */
export function run(parts: readonly Part[] = []): Promise<void> {
  return runProcess('gateway', parts, async start => {
    const store = await openStore(start)
    let gateway: Gateway | undefined
    start.lifecycle.add(await tellPresence(start, store.presence, 'gateway', () => gateway))
    const announcements = await openAnnouncements(start, store)
    const { config } = start
    const viewers = await openViewers(start, store, announcements, await openTokens(start, store, announcements))
    const health = createHealth({ ...store, reasons: () => drainingReason(gateway) })
    const app = createHttpApp(start, [health, viewers.streams.routes, ...metricsOnMainPort(start, viewers.tokens)])
    const http = start.lifecycle.add(await listen(config.http, app))
    gateway = openGateway(start, viewers, http)
    await openMetricsPort(start)
    start.log.info({ url: http.url }, 'gateway is ready')
  })
}

/** What viewers of this process share, however they are connected. */
export interface ViewersPart {
  readonly rooms: Rooms
  readonly streams: Streams
  readonly tokens: Tokens
  readonly door: Door
}

/** Opens the rooms, and the event streams into them. */
export async function openViewers(
  { id: processId, config, lifecycle, log, metrics, tracing }: Start,
  { arrivals, audience, reader, replays, traceLinks: links }: Store,
  announcements: Announcements,
  { tokens }: Pick<OpenTokens, 'tokens'>,
): Promise<ViewersPart> {
  const gateway = gatewayName(processId)
  const traces = tracing.isOn ? lifecycle.add(createEntryTraces({ tracing, links, gateway, log })) : undefined
  const needs = { reader, replays, announcements, tokens, arrivals, traces, audience, processId, metrics, log }
  const rooms = lifecycle.add(createRooms(needs))
  const { limits } = config
  const { readOrigins, trustProxy } = config.http
  const door = createDoor({ limits, trust: trustOf(trustProxy), metrics })
  return { rooms, tokens, door, streams: createStreams({ rooms, tokens, door, readOrigins, metrics, log }) }
}

/** Adds the sockets to a server that listens. */
export function openGateway(
  { config, lifecycle, log, metrics }: Start,
  viewers: ViewersPart,
  { server }: HttpPart,
): Gateway {
  const { publicOrigins } = config.http
  const { drainMs } = config.gateway
  const { limits } = config
  return lifecycle.add(startGateway({ http: server, ...viewers, limits, publicOrigins, drainMs, metrics, log }))
}

export function drainingReason(gateway: Gateway | undefined): readonly string[] {
  return gateway?.isDraining ? ['The gateway is draining: its viewers go elsewhere.'] : []
}
