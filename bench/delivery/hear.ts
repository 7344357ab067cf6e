import { createLogger } from '../../src/foundation/logger.ts'
import { connectRedis } from '../../src/redis/connect.ts'

/** Entries as the servers that Dateline is compared with are told of them: by Redis, as Dateline is. */
export const CHANNEL = 'bench:entries'

/** Calls `take` with each line that is published to a server of this kind. */
export async function hear(kind: string, take: (line: string) => void): Promise<void> {
  const subscriber = await connectRedis(process.env['REDIS_URL'] ?? '', 'subscriber', createLogger('warn', kind))
  subscriber.on('message', (_channel: string, line: string) => take(line))
  await subscriber.subscribe(`${CHANNEL}:${kind}`)
}

/** The arguments of `entry` as JSON: of the same length as Dateline's when the line is. */
export function argsOf(line: string): string {
  return `"talks","",${line}`
}
