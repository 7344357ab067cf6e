import { join } from 'node:path'
import { createArrivals } from '../../src/feed/arrivals.ts'
import { createCommitter } from '../../src/feed/commit-outcome.ts'
import { createLogger } from '../../src/foundation/logger.ts'
import { createMetrics } from '../../src/foundation/metrics.ts'
import { Submission } from '../../src/protocol/submission.ts'
import { connectRedis } from '../../src/redis/connect.ts'
import { keysFor } from '../../src/redis/keys.ts'
import { withScripts } from '../../src/redis/scripts.ts'
import type { Server } from './server.ts'

const HEAD_WAIT_MS = 2_000
/** The default of KEY_PREFIX. */
const PREFIX = 'dl'

/**
 * Posts texts that end as dead letters, as in a newsroom whose worker has a fault that is mended since: the queue is
 * paused until all are dead, and retried ones are published.
 */
export async function postDead(server: Server, eventId: string, texts: readonly string[]): Promise<void> {
  await pauseQueue(server, true)
  const log = createLogger('silent', 'test')
  const redis = withScripts(await connectRedis(join(server.dataDir, 'redis', 'redis.sock'), 'command', log))
  const keys = keysFor(PREFIX)
  const arrivals = createArrivals({ redis, keys, log })
  const committer = createCommitter({ redis, keys, headWaitMs: HEAD_WAIT_MS, arrivals, metrics: createMetrics() })
  try {
    for (const body of texts) {
      const written = await server.client.publish(eventId, { body, isKeyEvent: true })
      if (written.state !== 'accepted') throw new Error('It was published, though the queue is paused.')
      const { acceptNumber } = written.receipt
      const text = await redis.hget(keys.event(eventId).outbox, String(acceptNumber))
      const submission = Submission.parse(JSON.parse(String(text)))
      if (submission.kind === 'event') throw new Error('It is no update.')
      const { submissionId, updateId, subject } = submission
      const at = new Date().toISOString()
      const reason = { step: 'render-body', error: 'It could not be read.', attempts: 1, at }
      const ref = { eventId, acceptNumber, submissionId, updateId, sub: subject.sub }
      await committer.commit(ref, { kind: 'dead', reason }, new Date())
    }
  } finally {
    await arrivals.stop()
    redis.disconnect()
    await pauseQueue(server, false)
  }
}

async function pauseQueue(server: Server, paused: boolean): Promise<void> {
  const answer = await fetch(`${server.url}/v1/ops/queues/submissions`, {
    method: 'PUT',
    headers: { Authorization: `Bearer ${server.tokenOf('ops')}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({ paused }),
  })
  if (answer.status !== 200) throw new Error(await answer.text())
}
