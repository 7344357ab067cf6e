import { Router } from 'express'
import type { Redis } from 'ioredis'
import type { Receipt } from '../protocol/submission.ts'

const PROBE_MS = 1_000

export interface HealthNeeds {
  readonly redis: Pick<Redis, 'ping' | 'set'>
  readonly durability: Receipt['durability']
  /** The key to write to, where the process is of no use when Redis takes no writes. */
  readonly writeProbe?: string | undefined
  /** Why this process should get no more work now, each in a sentence. */
  reasons(): readonly string[]
}

/** GET /healthz: the process lives. GET /readyz: it can do its work now; else 503 and why. */
export function createHealth({ redis, durability, writeProbe, reasons }: HealthNeeds): Router {
  const routes = Router()
  routes.get('/healthz', (_req, res) => {
    res.set('Cache-Control', 'no-store').json({ status: 'ok' })
  })
  routes.get('/readyz', async (_req, res) => {
    const why = [...reasons(), ...(await troubleOf(redis, writeProbe))]
    res.set('Cache-Control', 'no-store').status(why.length === 0 ? 200 : 503)
    res.json({ status: why.length === 0 ? 'ready' : 'not ready', durability, reasons: why })
  })
  return routes
}

/** What is wrong with Redis, in a sentence: away, or answering but refusing writes (memory or disk full, a replica). */
async function troubleOf(redis: HealthNeeds['redis'], writeProbe: string | undefined): Promise<string[]> {
  const answer = writeProbe === undefined ? redis.ping() : redis.set(writeProbe, '1', 'PX', PROBE_MS)
  return answer.then(
    () => [],
    (error: unknown) => [
      error instanceof Error && error.name === 'ReplyError'
        ? `Redis takes no writes: ${error.message}`
        : 'Redis does not answer.',
    ],
  )
}
