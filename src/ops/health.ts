import { Router } from 'express'
import type { Redis } from 'ioredis'
import type { Receipt } from '../protocol/submission.ts'

export interface HealthNeeds {
  readonly redis: Redis
  readonly durability: Receipt['durability']
  /** Why this process should get no more work now, each in a sentence. */
  reasons(): readonly string[]
}

/** GET /healthz: the process lives. GET /readyz: it can do its work now; else 503 and why. */
export function createHealth({ redis, durability, reasons }: HealthNeeds): Router {
  const routes = Router()
  routes.get('/healthz', (_req, res) => {
    res.set('Cache-Control', 'no-store').json({ status: 'ok' })
  })
  routes.get('/readyz', async (_req, res) => {
    const isThere = await redis.ping().then(
      () => true,
      () => false,
    )
    const why = [...reasons(), ...(isThere ? [] : ['Redis does not answer.'])]
    res.set('Cache-Control', 'no-store').status(why.length === 0 ? 200 : 503)
    res.json({ status: why.length === 0 ? 'ready' : 'not ready', durability, reasons: why })
  })
  return routes
}
