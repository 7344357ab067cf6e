import type { Redis } from 'ioredis'

/** What Redis tells of itself, by the names of its INFO. `section` asks for one part. */
export async function readInfo(redis: Redis, section?: string): Promise<ReadonlyMap<string, string>> {
  const text = await (section === undefined ? redis.info() : redis.info(section))
  const lines = text.split('\r\n').filter(line => line.includes(':'))
  return new Map(lines.map(line => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)]))
}

/** What Redis uses, and its maxmemory: 0 when it has none. */
export async function readMemory(redis: Redis): Promise<{ usedBytes: number; limitBytes: number }> {
  return memoryIn(await readInfo(redis, 'memory'))
}

/** As readMemory, with its version. */
export async function readServer(redis: Redis): Promise<{ usedBytes: number; limitBytes: number; version: string }> {
  const info = await readInfo(redis)
  return { ...memoryIn(info), version: info.get('redis_version') ?? '' }
}

function memoryIn(info: ReadonlyMap<string, string>) {
  return { usedBytes: Number(info.get('used_memory') ?? 0), limitBytes: Number(info.get('maxmemory') ?? 0) }
}
