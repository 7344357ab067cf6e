import { expect, vi } from 'vitest'
import { keptPort } from './dateline-process.ts'
import { askRedis, letReplicasIn, REPLICA_ARGS, shutReplicasOut, untilItFollows } from './redis-replicas.ts'
import { type RedisServer, startRedisServer } from './redis-server.ts'

const SLOTS = 16_384
/** A primary that is silent for so long is replaced by its replica. */
const NODE_TIMEOUT_MS = 1_500
const SETTLE = { timeout: 20_000, interval: 50 }

export interface RedisCluster {
  readonly name: string
  /** For REDIS_URL: all its primaries. */
  readonly url: string
  readonly primaries: readonly ClusterNode[]
  /** The one that has this key's slot. */
  primaryOf(key: string): Promise<ClusterNode>
  /** Adds a replica, and waits until it follows. */
  addReplica(of: ClusterNode): Promise<ClusterNode>
  /** What its replicas have is all that they will get. */
  cutOff(primary: ClusterNode): Promise<void>
  /** Waits until every node that runs says that all slots are served. */
  settled(): Promise<void>
  stop(): Promise<void>
}

export interface ClusterNode {
  readonly server: RedisServer
  readonly port: number
  isRunning(): boolean
  /** One command, on a connection of its own. */
  ask(command: string, ...args: (string | number)[]): Promise<string>
  /** kill -9. */
  kill9(): Promise<void>
  restart(): Promise<void>
}

/** Three primaries on loopback ports, each a real Redis with a third of the slots. */
export async function startRedisCluster(): Promise<RedisCluster> {
  const primaries = await Promise.all([startNode(), startNode(), startNode()])
  const nodes = [...primaries]
  const [first] = primaries
  for (const [i, node] of primaries.entries()) {
    const [from, to] = [Math.ceil((i * SLOTS) / 3), Math.ceil(((i + 1) * SLOTS) / 3) - 1]
    await node.ask('CLUSTER', 'ADDSLOTSRANGE', from, to)
    if (i > 0) await meet(first, node)
  }

  async function settled(): Promise<void> {
    await vi.waitFor(async () => {
      for (const { ask, isRunning } of nodes) {
        if (isRunning()) expect(await ask('CLUSTER', 'INFO')).toContain('cluster_state:ok')
      }
    }, SETTLE)
  }
  await settled()

  return {
    name: 'redis cluster',
    url: `redis://${primaries.map(({ port }) => `127.0.0.1:${port}`).join(',')}`,
    primaries,
    async primaryOf(key) {
      const slot = Number(await first.ask('CLUSTER', 'KEYSLOT', key))
      return primaries[Math.floor((slot * 3) / SLOTS)] ?? first
    },
    async addReplica(of) {
      const replica = await startNode()
      nodes.push(replica)
      await meet(of, replica)
      await letReplicasIn(of.server.url)
      const id = await of.ask('CLUSTER', 'MYID')
      await vi.waitFor(() => replica.ask('CLUSTER', 'REPLICATE', id), SETTLE)
      await untilItFollows(replica.server.url)
      return replica
    },
    cutOff: ({ server }) => shutReplicasOut(server.url),
    settled,
    async stop() {
      for (const { server } of nodes) await server.stop()
    },
  }
}

async function startNode(): Promise<ClusterNode> {
  const [port, busPort] = [await keptPort(), await keptPort()]
  const cluster = ['--cluster-enabled', 'yes', '--cluster-port', String(busPort)]
  const extraArgs = [...cluster, '--cluster-node-timeout', String(NODE_TIMEOUT_MS), ...REPLICA_ARGS]
  const server = await startRedisServer({ port, appendfsync: 'always', extraArgs })
  let isRunning = true
  return {
    server,
    port,
    isRunning: () => isRunning,
    ask: (command, ...args) => askRedis(server.url, command, ...args),
    async kill9() {
      isRunning = false
      await server.kill9()
    },
    async restart() {
      await server.restart()
      isRunning = true
    },
  }
}

async function meet(one: ClusterNode, other: ClusterNode): Promise<void> {
  await one.ask('CLUSTER', 'MEET', '127.0.0.1', other.port, await busPortOf(other))
}

/** `<id> <ip>:<port>@<bus port> myself,...` */
async function busPortOf({ ask }: ClusterNode): Promise<string> {
  const [, port = ''] = /@(\d+)\S* myself/.exec(await ask('CLUSTER', 'NODES')) ?? []
  return port
}
