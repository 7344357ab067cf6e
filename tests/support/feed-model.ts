import { createHash } from 'node:crypto'
import type { Outcome } from '../../src/feed/commit-outcome.ts'

/** One accepted submission as the model knows it. */
export interface ModelSubmission {
  readonly acceptNumber: number
  readonly acceptedAtMs: number
  readonly updateId: string | undefined
  readonly version: number
}

type Fate = 'published' | 'revised' | 'retracted' | 'applied' | 'dead' | 'held' | 'superseded'

/**
 * The commit rules in plain TypeScript: a second, independent telling of what commit.lua does, that its feed is compared
 * with, byte for byte.
 */
export class FeedModel {
  readonly lines: string[] = []
  readonly fates = new Map<number, Fate>()
  readonly updates = new Map<string, { version: number; json: string; isShown: boolean }>()
  readonly passed = new Set<number>()
  readonly #accepted = new Map<number, ModelSubmission>()
  readonly #pending = new Map<number, Outcome>()
  readonly #headWaitMs: number
  #head = 0
  #chain = '0'.repeat(40)
  #at = ''
  #eventVersion = 0

  constructor(headWaitMs: number) {
    this.#headWaitMs = headWaitMs
  }

  accept(submission: ModelSubmission): void {
    this.#accepted.set(submission.acceptNumber, submission)
  }

  commit(acceptNumber: number, outcome: Outcome, now: Date): Fate | 'waiting' | 'done' {
    if (this.fates.has(acceptNumber)) {
      this.walk(now)
      return 'done'
    }
    let verdict: Fate | 'waiting' = 'waiting'
    this.#tick(now)
    if (this.passed.delete(acceptNumber)) verdict = this.#append(acceptNumber, outcome, true)
    else this.#pending.set(acceptNumber, outcome)
    this.walk(now)
    return this.fates.get(acceptNumber) ?? verdict
  }

  isWaiting(acceptNumber: number): boolean {
    return this.#pending.has(acceptNumber)
  }

  walk(now: Date): void {
    this.#tick(now)
    while (this.#pending.size > 0) {
      const next = this.#head + 1
      const outcome = this.#pending.get(next)
      if (outcome !== undefined) {
        this.#pending.delete(next)
        this.#append(next, outcome, false)
      } else {
        const since = this.#accepted.get(next)?.acceptedAtMs ?? 0
        if (now.getTime() - since < this.#headWaitMs) return
        this.passed.add(next)
      }
      this.#head = next
    }
  }

  #tick(now: Date): void {
    this.#now = now.toISOString()
  }
  #now = ''

  #append(acceptNumber: number, outcome: Outcome, late: boolean): Fate {
    const fate = this.#judge(outcome)
    this.fates.set(acceptNumber, fate)
    if (fate === 'dead' || fate === 'held' || fate === 'superseded') return fate
    if (this.#now > this.#at) this.#at = this.#now
    const type = fate === 'applied' ? 'event' : fate
    const end = lineEnd(acceptNumber, outcome)
    const seq = this.lines.length + 1
    const rest = `"at":"${this.#at}","type":"${type}",${late ? '"late":true,' : ''}${end}`
    this.#chain = sha1(this.#chain + sha1(`{"seq":${seq},${rest}`))
    this.lines.push(`{"seq":${seq},"chain":"${this.#chain}",${rest}`)
    if (outcome.kind === 'event') this.#eventVersion = outcome.event.version
    if ('update' in outcome) {
      const { id, version } = outcome.update
      this.updates.set(id, { version, json: JSON.stringify(outcome.update), isShown: outcome.kind !== 'retract' })
    }
    return fate
  }

  #judge(outcome: Outcome): Fate {
    switch (outcome.kind) {
      case 'dead':
      case 'held':
        return outcome.kind
      case 'event':
        return outcome.event.version > this.#eventVersion ? 'applied' : 'superseded'
      default: {
        const standing = this.updates.get(outcome.update.id)?.version ?? 0
        if (outcome.update.version <= standing) return 'superseded'
        if (outcome.kind === 'retract') return 'retracted'
        return standing === 0 || outcome.kind === 'publish' ? 'published' : 'revised'
      }
    }
  }
}

function lineEnd(acceptNumber: number, outcome: Outcome): string {
  if (outcome.kind === 'event') return `"acceptNumber":${acceptNumber},"event":${JSON.stringify(outcome.event)}}`
  if (outcome.kind === 'retract') {
    const { id, version } = outcome.update
    const reason = outcome.reason === undefined ? '' : `,"reason":${JSON.stringify(outcome.reason)}`
    return `"acceptNumber":${acceptNumber},"updateId":"${id}","version":${version}${reason}}`
  }
  if (!('update' in outcome)) throw new Error('no line')
  return `"acceptNumber":${acceptNumber},"update":${JSON.stringify(outcome.update)}}`
}

function sha1(text: string): string {
  return createHash('sha1').update(text).digest('hex')
}
