import express from 'express'
import type { Announcements } from '../feed/announcements.ts'
import { answerProblem, refuseUnknown } from '../foundation/http/answer-problem.ts'
import { refuseOtherMethods } from '../foundation/http/refuse-other-methods.ts'
import { giveRequestId } from '../foundation/http/request-id.ts'
import type { Part } from '../foundation/lifecycle.ts'
import { createTokens, findSecret } from '../foundation/tokens.ts'
import { type Gateway, startGateway } from '../gateway/gateway.ts'
import { createRooms } from '../gateway/rooms.ts'
import { createHealth } from '../ops/health.ts'
import { type HttpPart, listen } from './listen.ts'
import { openAnnouncements, openStore, type Store } from './open-store.ts'
import { runProcess, type Start } from './run.ts'

/** The gateway process: viewers' sockets. */
export function run(parts: readonly Part[] = []): Promise<void> {
  return runProcess('gateway', parts, async start => {
    const store = await openStore(start)
    const announcements = await openAnnouncements(start, store)
    const app = express().disable('x-powered-by')
    let gateway: Gateway | undefined
    app.use(giveRequestId)
    const health = createHealth({ ...store, reasons: () => drainingReason(gateway) })
    app.use(health)
    app.use(refuseOtherMethods(health), refuseUnknown)
    app.use(answerProblem(start.log))
    const http = start.lifecycle.add(await listen(start.config.http, app))
    gateway = await openGateway(start, store, announcements, http)
    start.log.info({ url: http.url }, 'gateway is ready')
  })
}

/** Adds the sockets to a server that listens. */
export async function openGateway(
  { config, lifecycle, log }: Start,
  { reader, replays }: Store,
  announcements: Announcements,
  { server }: HttpPart,
): Promise<Gateway> {
  const tokens = createTokens(await findSecret(config.auth))
  const rooms = lifecycle.add(createRooms({ reader, replays, announcements, log }))
  const { publicOrigins } = config.http
  const { drainMs } = config.gateway
  return lifecycle.add(startGateway({ http: server, rooms, tokens, publicOrigins, drainMs, log }))
}

export function drainingReason(gateway: Gateway | undefined): readonly string[] {
  return gateway?.isDraining ? ['The gateway is draining: its viewers go elsewhere.'] : []
}
