export type Keys = ReturnType<typeof keysFor>
export type EventKeys = ReturnType<Keys['event']>

/**
 * Every Redis key and channel that Dateline owns. The {braces} keep one event's keys in one cluster slot.
 * Scripts are given them through KEYS only.
 */
export function keysFor(prefix: string) {
  return {
    /** Sorted set: event id by creation time in ms. An id may stand here without an event (a creation that failed). */
    index: `{${prefix}-index}:events`,
    /** String: a creation's Idempotency-Key -> "<body hash> <event id>"; expires. */
    creation: (sha: string) => `{${prefix}-index}:creation:${sha}`,
    /** String: which process makes a backup now; expires. */
    backingUp: `{${prefix}-index}:backing-up`,
    /** String: which worker sweeps now; expires. */
    sweeping: `{${prefix}-index}:sweeping`,
    /** Sorted set: event id by when something was last accepted for it, in ms. Behind by a second at most. */
    activity: `{${prefix}-index}:activity`,
    /** Sorted set: ids of processes by when they last told of themselves, in ms. */
    processes: `{${prefix}-index}:processes`,
    /** String: what one process tells of itself, as JSON; expires 15 s after it last did. */
    process: (processId: string) => `{${prefix}-index}:process:${processId}`,
    /** String: ops want this process to drain; expires. */
    drain: (processId: string) => `{${prefix}-index}:drain:${processId}`,
    /** String: who paused the intake of all events, when and why, as JSON; absent while it is open. */
    intake: `{${prefix}-index}:intake`,
    /** Channel: `changed` when intake was paused or opened. */
    intakeChanged: `{${prefix}-index}:intake-changed`,
    /** Hash: `jti:<id>` or `sub:<sub>` -> who revoked that token, or all that were issued to somebody until then, when and why, as JSON. */
    revocations: `{${prefix}-index}:revocations`,
    /** Sorted set: the same fields by when that was, in ms. What is older than any token may be is taken off both. */
    revocationTimes: `{${prefix}-index}:revocation-times`,
    /** String: another one after each revocation. */
    revocationsState: `{${prefix}-index}:revocations-state`,
    /** Channel: `changed` after each revocation. */
    revocationsChanged: `{${prefix}-index}:revocations-changed`,
    /** Hash: sub -> somebody of the newsroom as JSON: name, roles, events, blocked or not. */
    users: `{${prefix}-index}:users`,
    /** Stream: what ops did to anything, field `entry` as JSON; the newest 10,000. */
    audit: `{${prefix}-index}:audit`,
    /** Hash: id -> the reason as JSON, a newline, and what was found in a queue without its event. */
    strays: `{${prefix}-index}:strays`,
    /** Hash: id -> who discarded it, when and why as JSON, a newline, and its record in `strays`. */
    discardedStrays: `{${prefix}-index}:discarded-strays`,
    /** String: written to see whether Redis takes writes; expires. */
    writeProbe: `{${prefix}-index}:write-probe`,
    /** Hash: what one sender has taken of a limit: level, at in ms (take.lua). `sha` stands for the sender; expires. */
    limit: (name: string, sha: string) => `${prefix}:limit:${name}:${sha}`,
    /** BullMQ's own keys. */
    queuePrefix: `{${prefix}-queue}`,
    event: (eventId: string) => {
      const key: Naming = name => `${prefix}:{${eventId}}:${name}`
      return {
        ...stateKeys(key),
        /** The same under a name of their own, for the copy that an export reads, or an import that is not in force yet; they expire. */
        aside: (id: string) => stateKeys(name => key(`aside:${id}:${name}`)),
        /** String: one Idempotency-Key's "<body hash> <accept number> <reply>"; expires. */
        idempotency: (sha: string) => key(`idem:${sha}`),
        /** Stream: what ops did, field `entry` as JSON; the newest 10,000. */
        audit: key('audit'),
        /** Hash: process id -> `<ms> <sockets> <streams>` of its room; of the live room, or of a replay's. Expires. */
        audience: (replayId?: string) => key(replayId === undefined ? 'audience' : `replay:${replayId}:audience`),
        /** HyperLogLog: who waited for entries by long-poll within one span of time; expires. */
        pollers: (span: number) => key(`pollers:${span}`),
        /** Hash: of the live room: peak (viewers at once), peakAt in ms, joins. */
        audienceTotals: key('audience-totals'),
        /** Channel: a seq from which gateways send their viewers everything again. */
        again: key('again'),
        /** Hash: `<accept number>:<what>` -> how long, or when (arrivals.ts); one for each 1,000 numbers; expires. */
        arrivals: (part: number) => key(`arrivals:${part}`),
        /** String: the W3C traceparent of a submission's commit, where it is traced; expires. */
        trace: (acceptNumber: number) => key(`trace:${acceptNumber}`),
        /** Set: ids of the event's replays. */
        replays: key('replays'),
        /** Hash: one replay's state, from, to, seq (last sent), speed, maxSilenceMs, lap, sentAt in ms, played (of the next interval, in ms of the feed, while it stands). */
        replay: (replayId: string) => key(`replay:${replayId}`),
        /** Channel: each line as its replay sends it, or an empty message for many at once. */
        replayLines: (replayId: string) => key(`replay:${replayId}:lines`),
        /** Channel: `changed` when a replay was paused, sought ... */
        replayControl: (replayId: string) => key(`replay:${replayId}:control`),
        /** Channel: each line as it is committed. */
        lines: key('lines'),
        /** Channel: `<accept number> <state>` of each submission as it ends. */
        endings: key('endings'),
      }
    },
  } as const
}

type Naming = (name: string) => string

export type StateKeys = ReturnType<typeof stateKeys>

/** What there is of one event, and nothing that expires or only passes by. */
function stateKeys(key: Naming) {
  return {
    /** Stream: entry id <seq>-0, field `line`. The truth. */
    feed: key('feed'),
    /**
     * Hash: epoch, accepted, head, seq, chain, at, eventVersion (as committed), status (as accepted). Of an event that was
     * moved to the archive store also `stored`, its archive's name there; then only this and `event` stand here.
     */
    meta: key('meta'),
    /** JSON: the event as committed. */
    event: key('event'),
    /** Hash: updateId -> current update as JSON (a retracted one as its tombstone). */
    updates: key('updates'),
    /** Sorted set: places (see there) of the updates that readers see, by sortTime in ms. */
    order: key('order'),
    /** Hash: updateId -> its member in `order`: 15-digit first accept number, colon, updateId. */
    places: key('places'),
    /** Hash: updateId -> {"id","headline","happenedAt"} of each key event. */
    keyEvents: key('key-events'),
    /** Hash: updateId, `event` or `normalization` -> JSON of what was last accepted: {version, ...}. */
    drafts: key('drafts'),
    /** Hash: updateId -> {"raw","normalization"}, for the desk and ops. */
    desk: key('desk'),
    /** List: `<fingerprint> <updateId> <acceptedAt> <name>` of the last published updates, newest first. */
    fingerprints: key('fingerprints'),
    /** Hash: accept number -> submission as JSON, until it is committed. */
    outbox: key('outbox'),
    /** Sorted set: accept number by time of accept in ms. */
    outboxTimes: key('outbox-times'),
    /** Hash: accept number -> packed outcome that waits for its turn. */
    pending: key('pending'),
    /** Set: accept numbers that were passed over and may enter late. */
    passed: key('passed'),
    /** Hash: accept number -> {"state","seq","updateId","sub","submissionId","acceptedMs","endedMs"} (and of one that was accepted anew "releasedAs" or "retriedAs"): where each ended submission went. */
    outcomes: key('outcomes'),
    /** Hashes: accept number -> the reason as JSON, a newline, and the whole submission as it was accepted. */
    dead: key('dead'),
    held: key('held'),
    superseded: key('superseded'),
    /** Hash: accept number -> who discarded it, when and why as JSON, a newline, and its record in `held` or `dead`. */
    discarded: key('discarded'),
    /** Hash: accept number -> who had it accepted anew, when and as which number, as JSON, a newline, and that record. */
    anew: key('anew'),
    /** Hash: seq -> the line that stands for a taken-down one. */
    purged: key('purged'),
  } as const
}
