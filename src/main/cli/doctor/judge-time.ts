import { type Finding, fail, ok, warn } from './finding.ts'
import type { Clock } from './measure-redis.ts'

export interface TimeLimits {
  /** A worker passes over what is not ready so long after its accept, by its own clock. */
  readonly headWaitMs: number
}

const SLOW_ANSWER_MS = 20
/** Of headWaitMs, so much of a difference is worth a look. */
const NOTEWORTHY = 1 / 8

const IN_STEP = 'Keep all machines in step: run chrony or systemd-timesyncd on each (timedatectl set-ntp true).'

/** Pure: whether Redis is quick, and its clock in step with this machine's. */
export function judgeTime(clock: Clock | undefined, limits: TimeLimits): Finding[] {
  if (clock !== undefined) return [judgeSpeed(clock), judgeClock(clock, limits)]
  return [
    warn('clock', 'The clock of Redis cannot be looked at: TIME is forbidden.', 'Allow it: ACL SETUSER <name> +time'),
  ]
}

function judgeSpeed({ roundTripMs }: Clock): Finding {
  if (roundTripMs <= SLOW_ANSWER_MS) {
    return ok('redis-speed', `Redis answers within ${Math.max(1, Math.round(roundTripMs))} ms.`)
  }
  const says = `Redis takes ${Math.round(roundTripMs)} ms to answer, and each write waits for it.`
  return warn('redis-speed', says, 'Put it near the processes, and look for slow commands: SLOWLOG GET.')
}

function judgeClock({ aheadMs, roundTripMs }: Clock, { headWaitMs }: TimeLimits): Finding {
  const surelyMs = Math.max(0, Math.abs(aheadMs) - roundTripMs / 2)
  const says = `The clock of Redis is ${Math.abs(aheadMs)} ms ${aheadMs < 0 ? 'behind' : 'ahead of'} this machine's.`
  const meaning = 'Times of entries and of metrics are off'
  if (surelyMs >= headWaitMs) {
    return fail('clock', `${says} ${meaning}, and updates are passed over (COMMIT_HEAD_WAIT_MS).`, IN_STEP)
  }
  return surelyMs > headWaitMs * NOTEWORTHY ? warn('clock', `${says} ${meaning}.`, IN_STEP) : ok('clock', says)
}
