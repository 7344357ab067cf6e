import { startRedisServer } from './redis-server.ts'

/**
 * One real Redis for all test files, unless REDIS_URL names one; the files find it in REDIS_URL. Each test owns a key
 * prefix in it, so that they run side by side and nobody flushes.
 */
export default async function setup() {
  if ((process.env['REDIS_URL'] ?? '') !== '') return
  const redis = await startRedisServer()
  process.env['REDIS_URL'] = redis.url
  return async () => {
    delete process.env['REDIS_URL']
    await redis.stop()
  }
}
