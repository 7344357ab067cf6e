export interface ProblemKind {
  readonly status: number
  readonly title: string
  readonly retry: boolean
}

/** Every way Dateline can say no (RFC 9457). `retry: true` promises that the same request may succeed later. */
export const problems = {
  'invalid-request': { status: 400, title: 'The request is not valid', retry: false },
  'token-needed': { status: 401, title: 'A valid bearer token is needed', retry: false },
  'not-allowed': { status: 403, title: 'This token does not allow that', retry: false },
  'not-found': { status: 404, title: 'There is nothing at this address', retry: false },
  'event-not-found': { status: 404, title: 'No such event', retry: false },
  'update-not-found': { status: 404, title: 'No such update', retry: false },
  'submission-not-found': { status: 404, title: 'No such submission', retry: false },
  'process-not-found': { status: 404, title: 'No such process runs', retry: false },
  'method-not-allowed': { status: 405, title: 'This address does not take that method', retry: false },
  'event-exists': { status: 409, title: 'The event id is taken', retry: false },
  'event-open': { status: 409, title: 'The event still takes updates', retry: false },
  'not-stored': { status: 409, title: 'The event is not in the archive store', retry: false },
  'event-closed': { status: 409, title: 'The event takes no updates', retry: false },
  'update-exists': { status: 409, title: 'The update id is taken', retry: false },
  'update-retracted': { status: 409, title: 'The update was retracted', retry: false },
  'not-held': { status: 409, title: 'The submission is not held any more', retry: false },
  'not-dead': { status: 409, title: 'The submission is not a dead letter any more', retry: false },
  'position-unknown': { status: 409, title: 'The position is not in this feed', retry: false },
  'version-mismatch': { status: 412, title: 'Somebody else changed it first', retry: false },
  'too-large': { status: 413, title: 'The request is too large', retry: false },
  'unsupported-type': { status: 415, title: 'The content type is not supported', retry: false },
  'key-reused': { status: 422, title: 'The Idempotency-Key was used for another request', retry: false },
  'archive-broken': { status: 422, title: 'The archive cannot be taken in', retry: false },
  'submission-failed': { status: 422, title: 'The submission was accepted but could not be published', retry: false },
  'draft-needed': { status: 422, title: 'Its text is lost and must be sent again', retry: false },
  'cannot-normalize': { status: 422, title: 'The text breaks a cleaning step', retry: false },
  'version-needed': { status: 428, title: 'If-Match is needed', retry: false },
  'too-many': { status: 429, title: 'Too many requests', retry: true },
  internal: { status: 500, title: 'Something broke on our side', retry: true },
  'intake-paused': { status: 503, title: 'Nothing is taken in for now', retry: true },
  unavailable: { status: 503, title: 'Dateline is unavailable for a moment', retry: true },
} as const satisfies Record<string, ProblemKind>

export type ProblemCode = keyof typeof problems

/** One thing that is wrong in a request, and where (RFC 6901 pointer, as a URI fragment). */
export interface ProblemError {
  readonly pointer: string
  readonly detail: string
}

/** RFC 9457 problem details, as sent over HTTP and in socket acks. */
export interface Problem {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly retry: boolean
  readonly detail?: string
  readonly requestId?: string
  readonly errors?: readonly ProblemError[]
  readonly [extra: string]: unknown
}
