import type { Redis } from 'ioredis'
import { primariesOf, type RedisConnection } from './nodes.ts'

/** What Redis tells of itself, by the names of its INFO. `section` asks for one part. */
export async function readInfo(redis: Redis, section?: string): Promise<ReadonlyMap<string, string>> {
  const text = await (section === undefined ? redis.info() : redis.info(section))
  const lines = text.split('\r\n').filter(line => line.includes(':'))
  return new Map(lines.map(line => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)]))
}

/** What Redis uses, and its maxmemory: 0 when it has none. Of a cluster, that of the primary that is full first. */
export async function readMemory(connection: RedisConnection): Promise<{ usedBytes: number; limitBytes: number }> {
  const { usedBytes, limitBytes } = await readFullest(connection, 'memory')
  return { usedBytes, limitBytes }
}

/** As readMemory, with its version. */
export async function readServer(
  connection: RedisConnection,
): Promise<{ usedBytes: number; limitBytes: number; version: string }> {
  const { usedBytes, limitBytes, info } = await readFullest(connection)
  return { usedBytes, limitBytes, version: info.get('redis_version') ?? '' }
}

async function readFullest(connection: RedisConnection, section?: string) {
  const infos = await Promise.all(primariesOf(connection).map(node => readInfo(node, section)))
  const found = infos.map(info => ({ info, ...memoryIn(info) }))
  const [fullest] = found.toSorted((a, b) => shareOf(b) - shareOf(a) || b.usedBytes - a.usedBytes)
  if (fullest === undefined) throw new Error('Connection is closed.') // no primary is known at this moment
  return fullest
}

const shareOf = ({ usedBytes, limitBytes }: { usedBytes: number; limitBytes: number }) =>
  limitBytes === 0 ? 0 : usedBytes / limitBytes

function memoryIn(info: ReadonlyMap<string, string>) {
  return { usedBytes: Number(info.get('used_memory') ?? 0), limitBytes: Number(info.get('maxmemory') ?? 0) }
}
