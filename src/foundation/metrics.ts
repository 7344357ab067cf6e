import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client'
import { instrumentsOf } from './instruments.ts'

export type Metrics = ReturnType<typeof createMetrics>

/** What a submission is. `unknown` is one whose record was destroyed. */
const KINDS = ['publish', 'revise', 'retract', 'event', 'unknown'] as const
/** What becomes of a submission. */
const STATES = ['accepted', 'published', 'revised', 'retracted', 'applied', 'dead', 'held', 'superseded'] as const
const RESTARTS = ['epoch-changed', 'ahead-of-feed', 'too-far-behind', 'chain-mismatch'] as const
/** Why a gateway let a viewer go: too far behind, no ping answered, rubbish sent, still there after the drain, in no room. */
const DROPS = ['behind', 'silent', 'bad-message', 'draining', 'idle'] as const
export type DropReason = (typeof DROPS)[number]
/** How frames were written to viewers' sockets: straight, or by engine.io. */
const PATHS = ['straight', 'engine'] as const
const BACKUPS = ['made', 'failed'] as const
const JOINS = ['first-visit', 'resumed', 'restarted', 'refused'] as const

/** What is limited: writes, previews, new sockets and streams (`handshakes` of one address, `sockets` of all) ... */
const LIMITS = [
  'posts',
  'previews',
  'handshakes',
  'sockets',
  'streams',
  'polls',
  'joins',
  'requests',
  'bad-packets',
] as const
export type LimitName = (typeof LIMITS)[number]

/** Upper bounds in seconds. */
const LATENCIES = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60]
const SHORT_LATENCIES = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5]
const REQUESTS = [0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 30]

/**
 * What one process measures, named after the Prometheus conventions. Every process has all of it; what it does not do stays
 * at zero. Made once, in src/main, and handed to the parts.
 */
export function createMetrics() {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const reads: (() => void | Promise<void>)[] = []
  const { counter, labelledCounter, gauge, histogram } = instrumentsOf(registry)

  const submissions = {
    acceptSeconds: histogram('dateline_accept_seconds', 'How long Redis took to accept a submission.', LATENCIES),
    queueWaitSeconds: histogram('dateline_queue_wait_seconds', 'From accept to the start of the job.', LATENCIES),
    normalizeSeconds: histogram('dateline_normalize_seconds', 'Normalizing one submission.', SHORT_LATENCIES),
    commitSeconds: histogram('dateline_commit_seconds', 'From accept to the commit of the entry.', LATENCIES),
    submissions: labelledCounter(
      'dateline_submissions_total',
      'Submissions by kind: accepted, and by the state in which they ended.',
      { kind: KINDS, state: STATES },
    ),
    late: counter('dateline_late_total', 'Entries that were passed over and came in late.'),
    deadLetters: counter('dateline_dead_letters_total', 'Submissions that became dead letters.'),
  }

  const gateway = {
    fanoutSeconds: histogram(
      'dateline_fanout_seconds',
      'From the time of an entry to its frame on the last socket of a live room. Once per entry and room.',
      LATENCIES,
    ),
    viewers: gauge('dateline_viewers', 'Open connections of viewers.'),
    rooms: gauge('dateline_rooms', 'Open rooms.'),
    tailEntries: gauge('dateline_tail_entries', 'Entries that the tails of all open rooms hold.'),
    drops: labelledCounter('dateline_drops_total', 'Viewers that were let go, by reason.', { reason: DROPS }),
    joins: labelledCounter('dateline_joins_total', 'Joins by their result.', { result: JOINS }),
    restarts: labelledCounter('dateline_restarts_total', 'Viewers that had to begin anew, by reason.', {
      reason: RESTARTS,
    }),
    fastPath: gauge('dateline_fast_path', '1 when frames are written straight to sockets, 0 when engine.io does it.'),
    viewerWrites: labelledCounter('dateline_viewer_writes_total', "Writes of entries to viewers' sockets, by path.", {
      path: PATHS,
    }),
    resyncs: counter('dateline_resyncs_total', 'Times that a room read entries which no announcement had brought.'),
  }

  const store = {
    outboxOldestSeconds: gauge('dateline_outbox_oldest_seconds', 'Age of the oldest submission that has not ended.'),
    outboxSize: gauge('dateline_outbox_size', 'Submissions that were accepted and have not ended.'),
    audience: gauge('dateline_audience', 'Open connections of viewers over all gateways.'),
    processes: gauge('dateline_processes', 'Processes that run, of any kind.'),
    intakePaused: gauge('dateline_intake_paused', '1 while ops have paused the intake, else 0.'),
    redisUp: gauge('dateline_redis_up', '1 when Redis answered this scrape, else 0.'),
    redisMemoryBytes: gauge('dateline_redis_memory_bytes', 'Memory that Redis uses.'),
    redisMemoryLimitBytes: gauge('dateline_redis_memory_limit_bytes', 'Its maxmemory; 0 when none is set.'),
    redisMemoryFullSeconds: gauge(
      'dateline_redis_memory_full_seconds',
      'Until Redis is full, if it grows on as in the last hour. +Inf when it does not grow, has no maxmemory, or too little was seen.',
    ),
  }
  store.redisMemoryFullSeconds.set(Number.POSITIVE_INFINITY)

  const backup = {
    backups: labelledCounter(
      'dateline_backups_total',
      'Scheduled backups: made, or failed, wholly or for some event.',
      {
        result: BACKUPS,
      },
    ),
    backupLastSeconds: gauge('dateline_backup_time_seconds', 'When the newest backup was begun, since 1970; 0: none.'),
    backupEverySeconds: gauge('dateline_backup_every_seconds', 'How often this process makes a backup; 0: never.'),
  }

  // Which routes there are is known only where they meet: countRequests makes their series.
  const http = {
    httpRequests: new Counter({
      name: 'dateline_http_requests_total',
      help: 'HTTP requests by route pattern, method and class of status; aborted: the client left first.',
      labelNames: ['route', 'method', 'status'],
      registers: [registry],
    }),
    httpRequestSeconds: new Histogram({
      name: 'dateline_http_request_seconds',
      help: 'HTTP requests from their start to the end of the answer; those that wait for something included.',
      labelNames: ['route', 'method'],
      buckets: REQUESTS,
      registers: [registry],
    }),
  }

  return {
    limited: labelledCounter('dateline_limited_total', 'What was refused as too many, by limit.', { limit: LIMITS }),
    ...submissions,
    ...gateway,
    ...store,
    ...backup,
    ...http,
    replays: gauge(
      'dateline_replays',
      'Replays that this worker has in hand; those with nothing due soon are put aside.',
    ),

    /** From now on `read` is called at the beginning of each scrape, to set gauges. What it throws fails the scrape. */
    onScrape(read: () => void | Promise<void>): void {
      reads.push(read)
    },

    contentType: registry.contentType,

    /** All series in the text format of Prometheus. */
    async scrape(): Promise<string> {
      await Promise.all(reads.map(read => read()))
      return registry.metrics()
    },
  }
}

/** From `ms` (since 1970, by the clock of whichever machine) to now. Never under 0, though clocks differ. */
export function secondsSince(ms: number): number {
  return Math.max(0, Date.now() - ms) / 1_000
}
