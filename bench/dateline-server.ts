// Dateline as `npm start` runs it: api, gateway and worker in one process. Its Redis, which runs apart, is stopped last.
import { findRunning } from '../scripts/redis.mjs'
import { run } from '../src/main/everything.ts'

const dir = process.env['BENCH_REDIS_DIR']
if (dir === undefined) throw new Error('BENCH_REDIS_DIR is not set')
// Whoever started this was killed: nobody else would stop it now.
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'))

await run([{ name: 'redis', stop: async () => (await findRunning({ dir }))?.stop() }])
