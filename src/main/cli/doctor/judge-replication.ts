import { bytesText, type Finding, fail, ok, warn } from './finding.ts'
import type { RedisFacts } from './measure-redis.ts'

/** A replica that follows tells so each second. */
const SILENT_S = 5
const BEHIND_BYTES = 16 * 1_024 * 1_024

/** Pure: whether this is the primary, and its replicas follow it. */
export function judgeReplication(redis: RedisFacts): Finding[] {
  const { info } = redis
  if (info.get('role') === 'slave') return [judgeReplica(redis)]
  const replicas = Number(info.get('connected_slaves') ?? 0)
  if (replicas === 0) return [ok('redis-replicas', 'Redis is the primary, and has no replica.')]
  return Array.from({ length: replicas }, (_, index) => judgeFollower(redis, index))
}

function judgeReplica({ info, cli }: RedisFacts): Finding {
  const of = `${info.get('master_host')}:${info.get('master_port')}`
  const link =
    info.get('master_link_status') === 'up'
      ? `It heard of it ${info.get('master_last_io_seconds_ago')} s ago.`
      : `Its link to it is down, since ${info.get('master_link_down_since_seconds') ?? 'an unknown number of'} s, and it falls behind.`
  return fail(
    'redis-replicas',
    `REDIS_URL is a replica of ${of}, and takes no writes. ${link}`,
    `Point REDIS_URL at the primary, ${of}. If that is lost for good, ${cli} REPLICAOF NO ONE makes this one the primary, without what it has not received.`,
  )
}

function judgeFollower({ info }: RedisFacts, index: number): Finding {
  const fields = new Map((info.get(`slave${index}`) ?? '').split(',').map(field => splitAt(field, '=')))
  const name = `Replica ${fields.get('ip')}:${fields.get('port')}`
  const remedy = 'See its log and the network between; a failover to it now would lose what it has not received.'
  const state = fields.get('state')
  if (state !== 'online') return warn('redis-replicas', `${name} does not follow yet (${state}).`, remedy)
  const behindBytes = Number(info.get('master_repl_offset') ?? 0) - Number(fields.get('offset') ?? 0)
  const silentS = Number(fields.get('lag') ?? 0)
  const says = `${name} is ${bytesText(Math.max(0, behindBytes))} behind, and was last heard of ${silentS} s ago.`
  const isBehind = silentS > SILENT_S || behindBytes > BEHIND_BYTES
  return isBehind ? warn('redis-replicas', says, remedy) : ok('redis-replicas', says)
}

function splitAt(text: string, mark: string): [string, string] {
  const at = text.indexOf(mark)
  return [text.slice(0, at), text.slice(at + 1)]
}
