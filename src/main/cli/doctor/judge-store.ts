import { type Finding, fail } from './finding.ts'
import { judgeRedis, type RedisLimits } from './judge-redis.ts'
import type { MeasuredRedis } from './measure-redis.ts'
import type { MeasuredStore } from './measure-store.ts'

/** Pure: whether all servers that take writes keep what Dateline hands them. Of several each finding says of which it is. */
export function judgeStore({ isCluster, servers }: MeasuredStore, limits: RedisLimits): Finding[] {
  const [only, ...others] = servers.map(server => ({ at: server.at, findings: judgeRedis(server, limits) }))
  if (only === undefined) return []
  if (others.length > 0) {
    return [only, ...others].flatMap(({ at, findings }) =>
      findings.map(finding => ({ ...finding, says: `${at}: ${finding.says}` })),
    )
  }
  return [...only.findings, ...(isCluster ? [] : servers.flatMap(judgeMode))]
}

function judgeMode(redis: MeasuredRedis): Finding[] {
  if (!redis.isReachable || redis.info.get('redis_mode') !== 'cluster') return []
  return [
    fail(
      'redis-cluster',
      'REDIS_URL names one node of a cluster as if it were alone. Dateline does not start on it.',
      'Name several of its nodes, or this one twice, separated by commas: redis://host:port,host:port',
    ),
  ]
}
