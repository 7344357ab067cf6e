import { Cluster, type Redis } from 'ioredis'

/** One Redis, or a Redis Cluster. A command finds the node that has its key by itself. */
export type RedisConnection = Redis | Cluster

/** The servers that take writes: the one, or the primaries of a cluster. For what is asked of a server and not of a key. */
export function primariesOf(connection: RedisConnection): readonly Redis[] {
  return connection instanceof Cluster ? connection.nodes('master') : [connection]
}
