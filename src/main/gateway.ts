import type { Announcements } from '../feed/announcements.ts'
import type { Part } from '../foundation/lifecycle.ts'
import { createTokens, findSecret } from '../foundation/tokens.ts'
import { type Gateway, startGateway } from '../gateway/gateway.ts'
import { createRooms } from '../gateway/rooms.ts'
import { createHealth } from '../ops/health.ts'
import { createHttpApp } from './http-app.ts'
import { type HttpPart, listen } from './listen.ts'
import { metricsOnMainPort, openMetricsPort } from './metrics-port.ts'
import { openAnnouncements, openStore, type Store } from './open-store.ts'
import { runProcess, type Start } from './run.ts'

/** The gateway process: viewers' sockets. */
export function run(parts: readonly Part[] = []): Promise<void> {
  return runProcess('gateway', parts, async start => {
    const store = await openStore(start)
    const announcements = await openAnnouncements(start, store)
    let gateway: Gateway | undefined
    const { config } = start
    const tokens = createTokens(await findSecret(config.auth))
    const health = createHealth({ ...store, reasons: () => drainingReason(gateway) })
    const app = createHttpApp(start, [health, ...metricsOnMainPort(start, tokens)])
    const http = start.lifecycle.add(await listen(config.http, app))
    gateway = await openGateway(start, store, announcements, http)
    await openMetricsPort(start)
    start.log.info({ url: http.url }, 'gateway is ready')
  })
}

/** Adds the sockets to a server that listens. */
export async function openGateway(
  { config, lifecycle, log, metrics }: Start,
  { reader, replays }: Store,
  announcements: Announcements,
  { server }: HttpPart,
): Promise<Gateway> {
  const tokens = createTokens(await findSecret(config.auth))
  const rooms = lifecycle.add(createRooms({ reader, replays, announcements, metrics, log }))
  const { publicOrigins } = config.http
  const { drainMs } = config.gateway
  return lifecycle.add(startGateway({ http: server, rooms, tokens, publicOrigins, drainMs, metrics, log }))
}

export function drainingReason(gateway: Gateway | undefined): readonly string[] {
  return gateway?.isDraining ? ['The gateway is draining: its viewers go elsewhere.'] : []
}
