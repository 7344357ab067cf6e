import { startWorker } from '../../workers/main.ts'
import type { Part } from '../foundation/lifecycle.ts'
import { createTokens, findSecret } from '../foundation/tokens.ts'
import type { Gateway } from '../gateway/gateway.ts'
import { createApi } from './api.ts'
import { drainingReason, openGateway, openViewers } from './gateway.ts'
import { listen } from './listen.ts'
import { openMetricsPort } from './metrics-port.ts'
import { openAnnouncements, openStore } from './open-store.ts'
import { openTokens } from './open-tokens.ts'
import { runProcess, type Start } from './run.ts'
import { tellPresence } from './tell-presence.ts'

const TOKEN_LIFE = '12h'

/** Api, gateway and worker in one process, on one port. */
export function run(parts: readonly Part[] = []): Promise<void> {
  return runProcess('everything', parts, async start => {
    const store = await openStore(start)
    let gateway: Gateway | undefined
    start.lifecycle.add(await tellPresence(start, store.presence, 'everything', () => gateway))
    const announcements = await openAnnouncements(start, store)
    await startWorker(start, store, announcements)
    const access = await openTokens(start, store, announcements)
    const viewers = await openViewers(start, store, announcements, access)
    const reasons = () => drainingReason(gateway)
    const app = await createApi(start, store, announcements, access, reasons, [viewers.streams.routes])
    const http = start.lifecycle.add(await listen(start.config.http, app))
    gateway = openGateway(start, viewers, http)
    await openMetricsPort(start)
    start.log.info({ url: http.url }, 'everything is ready')
    await welcome(start, http.url)
  })
}

/** Says where the pages are. A token is printed in development only; it stands behind the #, so it is never sent. */
async function welcome({ config }: Start, url: string): Promise<void> {
  const lines = ['', `  Dateline is running.`, '', `  Viewer page   ${url}/`]
  if (config.environment === 'production') {
    lines.push(`  Desk page     ${url}/desk`, `  Ops console   ${url}/ops`)
  } else {
    const tokens = createTokens(await findSecret(config.auth))
    const token = await tokens.sign({ sub: 'dev-editor', name: 'Dev Editor', roles: ['editor', 'ops'] }, TOKEN_LIFE)
    lines.push(
      `  Desk page     ${url}/desk#token=${token}`,
      `  Ops console   ${url}/ops#token=${token}`,
      '',
      '  Try it: in another shell, npm run play -- samples/harbour-bridge.ndjson',
    )
  }
  lines.push('', '  Ctrl-C stops it and keeps all data.', '')
  process.stdout.write(`${lines.join('\n')}\n`)
}
