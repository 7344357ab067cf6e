// One part of Dateline, as it runs where each is a process of its own.
import type { Part } from '../src/foundation/lifecycle.ts'
import * as api from '../src/main/api.ts'
import * as gateway from '../src/main/gateway.ts'
import * as worker from '../workers/main.ts'

const PARTS: Record<string, { run(parts?: readonly Part[]): Promise<void> }> = { api, gateway, worker }

const part = PARTS[process.env['BENCH_PART'] ?? '']
if (part === undefined) throw new Error('BENCH_PART is not api, gateway or worker')
// Whoever started this was killed: nobody else would stop it now.
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'))

await part.run()
