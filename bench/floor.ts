import { join } from 'node:path'
import type { Part } from '../src/foundation/lifecycle.ts'
import { startProcess } from './child-process.ts'
import type { Contender } from './contender.ts'
import type { FloorCalls } from './floor-server.ts'

export interface FloorNeeds {
  readonly redisUrl: string
  readonly dir: string
  readonly core: number | undefined
  /** Size of the messages that viewers are sent: that of the other contender's. */
  messageBytes(): number
}

/** What Dateline is measured against (see floor-server.ts). An update begins with queue.add. */
export async function startFloor({ redisUrl, dir, core, messageBytes }: FloorNeeds): Promise<Contender & Part> {
  const server = startProcess<FloorCalls>({
    ...{ program: 'floor-server.js', core, logFile: join(dir, 'floor.log'), env: { REDIS_URL: redisUrl } },
  })
  return {
    name: 'floor',
    door: { kind: 'websocket', url: await server.ask('url', null) },
    publish: series => server.ask('publish', { series, messageBytes: messageBytes() }),
    stop: () => server.stop(),
  }
}
