import { fileURLToPath } from 'node:url'
import type { Express, Router } from 'express'
import { renderDeskPage } from '../../web/desk/render.tsx'
import { renderHomePage, renderProblemPage } from '../../web/home/render.tsx'
import { renderOpsPage } from '../../web/ops/render.tsx'
import { renderRehearsalPage, renderViewerPage } from '../../web/viewer/render.tsx'
import { importArticle } from '../../workers/normalize/article/import-article.ts'
import type { Announcements } from '../feed/announcements.ts'
import { watchIntake } from '../feed/intake.ts'
import type { Part } from '../foundation/lifecycle.ts'
import { createIngest } from '../ingest/app.ts'
import { createAllDeadLettersRoutes } from '../ops/all-dead-letters.ts'
import { createArchiveRoutes } from '../ops/archive/archive-routes.ts'
import { createStoreRoutes } from '../ops/archive/store-routes.ts'
import { createAudienceRoute } from '../ops/audience-route.ts'
import { createControlRoutes } from '../ops/control-routes.ts'
import { createDeadLetterRoutes } from '../ops/dead-letter-routes.ts'
import { createHealth } from '../ops/health.ts'
import { createLatencyRoute } from '../ops/latency-route.ts'
import { sampleMemory } from '../ops/memory-watch.ts'
import { createOpsSession, QUEUES_PATH } from '../ops/ops-session.ts'
import { createOverviewRoutes } from '../ops/overview-routes.ts'
import { createQueueBoard } from '../ops/queue-board.ts'
import { createRepairRoutes } from '../ops/repair-routes.ts'
import { createReplayRoutes } from '../ops/replay-routes.ts'
import { createRevocationRoutes } from '../ops/revocation-routes.ts'
import { createPublish } from '../publish/app.ts'
import { createPages } from '../publish/pages.ts'
import { createHttpApp } from './http-app.ts'
import { openRequestLimits } from './limits.ts'
import { listen } from './listen.ts'
import { metricsOnMainPort, openMetricsPort } from './metrics-port.ts'
import { openAnnouncements, openStore, type Store } from './open-store.ts'
import { type OpenTokens, openTokens } from './open-tokens.ts'
import { createPreview } from './preview.ts'
import { createReference } from './reference/routes.ts'
import { runProcess, type Start } from './run.ts'
import { isSafeHtml } from './safe-html.ts'
import { tellPresence } from './tell-presence.ts'

const ASSETS = fileURLToPath(new URL('../../assets', import.meta.url))

/** The api process: editors' writes, everybody's reads, and the pages. */
export function run(parts: readonly Part[] = []): Promise<void> {
  return runProcess('api', parts, async start => {
    const store = await openStore(start)
    start.lifecycle.add(await tellPresence(start, store.presence, 'api'))
    const announcements = await openAnnouncements(start, store)
    const access = await openTokens(start, store, announcements)
    const app = await createApi(start, store, announcements, access, () => [])
    const { url } = start.lifecycle.add(await listen(start.config.http, app))
    await openMetricsPort(start)
    start.log.info({ url }, 'api is ready')
  })
}

export async function createApi(
  start: Start,
  store: Store,
  announcements: Announcements,
  access: OpenTokens,
  reasons: () => readonly string[],
  others: readonly Router[] = [],
): Promise<Express> {
  const { config, tracing, log } = start
  const { tokens, sessionTokens } = access
  const preview = createPreview(store)
  const intakeNow = start.lifecycle.add(await watchIntake({ ...store, announcements, log }))
  start.lifecycle.add(sampleMemory({ ...store, readMemory: store.readServer, log }))
  const queueDoors = [store.queue.door, store.replayQueue.door]
  const { readOrigins } = config.http
  const needs = {
    ...{ ...store, ...access, ...openRequestLimits(start, store), announcements, preview, importArticle, intakeNow },
    ...{ queueDoors, readOrigins, tracing, log },
  }
  const pages = createPages({
    ...needs,
    render: {
      home: renderHomePage,
      viewer: renderViewerPage,
      rehearsal: renderRehearsalPage,
      desk: renderDeskPage,
      ops: renderOpsPage,
    },
    settings: config.pages,
    assets: ASSETS,
  })
  const routers = [
    createHealth({ ...store, writeProbe: store.keys.writeProbe, reasons }),
    createIngest(needs),
    createOverviewRoutes(needs),
    createControlRoutes(needs),
    createAudienceRoute(needs),
    createRevocationRoutes(needs),
    createOpsSession({ tokens, sessionTokens }),
    createQueueBoard({ queueDoors, sessionTokens }),
    createReplayRoutes(needs),
    createRepairRoutes(needs),
    createDeadLetterRoutes(needs),
    createAllDeadLettersRoutes(needs),
    createLatencyRoute(needs),
    createArchiveRoutes({ ...needs, isSafeHtml, maxBytes: config.archive.maxBytes }),
    createStoreRoutes({ ...needs, isSafeHtml }),
    createPublish(needs),
    ...others,
    pages,
    createReference(), // behind the pages, for it needs their content security
    ...metricsOnMainPort(start, tokens),
  ]
  return createHttpApp(start, routers, { folders: ['/assets', QUEUES_PATH], asPage: renderProblemPage })
}
