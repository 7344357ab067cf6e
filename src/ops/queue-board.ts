import { createBullBoard } from '@bull-board/api'
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter'
import { ExpressAdapter } from '@bull-board/express'
import { Router } from 'express'
import helmet from 'helmet'
import type { QueueDoor } from '../queue/queue-door.ts'
import { type OpsSessionNeeds, QUEUES_PATH, refuseWithoutSession } from './ops-session.ts'

export interface QueueBoardNeeds extends Pick<OpsSessionNeeds, 'sessionTokens'> {
  readonly queueDoors: readonly QueueDoor[]
}

/** GET /ops/queues: bull-board, to look at jobs. It changes nothing: pausing is /v1/ops/queues, which is audited. */
export function createQueueBoard({ queueDoors, sessionTokens }: QueueBoardNeeds): Router {
  const serverAdapter = new LocalAdapter().setBasePath(QUEUES_PATH)
  createBullBoard({
    queues: queueDoors.map(({ queue }) => new BullMQAdapter(queue, { readOnlyMode: true })),
    serverAdapter,
    options: { uiConfig: { boardTitle: 'Dateline queues', hideDocsLink: true, hideRedisDetails: true } },
  })
  const routes = Router()
  routes.use(QUEUES_PATH, contentSecurity, refuseWithoutSession({ sessionTokens }), serverAdapter.getRouter())
  return routes
}

const OUTSIDE_LINK = /<link\b[^>]*\bhref="(?:https?:)?\/\/[^>]*>/gi

/** Its page without what it would load from elsewhere: fonts. The system's are there. */
class LocalAdapter extends ExpressAdapter {
  override setEntryRoute({ method, route, handler }: Parameters<ExpressAdapter['setEntryRoute']>[0]): this {
    this.app[method](route, (_req, res, next) => {
      const { name, params } = handler({ basePath: this.basePath, uiConfig: this.uiConfig })
      this.app.render(name, params, (error: Error | null, html: string) => {
        if (error === null) res.set('Cache-Control', 'no-store').type('html').send(html.replace(OUTSIDE_LINK, ''))
        else next(error)
      })
    })
    return this
  }
}

/** Nothing is loaded from elsewhere, whatever a later release of the board would like. It writes styles into its page. */
const contentSecurity = helmet({
  strictTransportSecurity: false, // for whoever ends TLS in front of this to say
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'", "'unsafe-inline'"],
      imgSrc: ["'self'", 'data:'],
      fontSrc: ["'self'"],
      connectSrc: ["'self'"],
      baseUri: ["'self'"],
      formAction: ["'none'"],
      frameAncestors: ["'self'"],
    },
  },
})
