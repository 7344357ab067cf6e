import { ProblemError } from '../../src/client/problem-error.ts'
import type { DatelineClient, EventWritten, WriteOptions, Written } from '../../src/client/types.ts'
import type { EndState, Progress, Submission, Task } from './submission.ts'

/** How long the server is asked to wait for a submission's end before it says that there is none yet. */
const FOLLOW_SECONDS = 20
/** Between two questions, when the first had no answer. */
const FOLLOW_PAUSE_MS = 2_000

export interface Sending {
  readonly client: DatelineClient
  /** Told of each change, in order. */
  readonly tell: (progress: Progress) => void
  /** Aborted when the desk closes: the submission stays stored and is sent again under its key. */
  readonly signal: AbortSignal
}

/** Sends a submission, again and again while that may help, and follows it to its end. Never rejects. */
export async function sendSubmission(submission: Submission, sending: Sending): Promise<void> {
  const { client, tell, signal } = sending
  try {
    const written = await submit(client, submission.eventId, submission.task, {
      key: submission.key,
      signal,
      onRepeat: ({ inMs, problem }) =>
        tell({ name: 'repeating', untilMs: Date.now() + inMs, ...(problem === undefined ? {} : { problem }) }),
    })
    if (written.state === 'done') return tell({ name: 'ended', state: endOf(submission.task) })
    const { acceptNumber, version } = written.receipt
    tell({ name: 'accepted', acceptNumber, ...(version === undefined ? {} : { version }) })
    await followSubmission(submission.eventId, acceptNumber, sending)
  } catch (error) {
    if (!signal.aborted) tell(progressOf(error, submission.task))
  }
}

/** Asks for an accepted submission's end until it has one. Never rejects. */
export async function followSubmission(eventId: string, acceptNumber: number, sending: Sending): Promise<void> {
  const { client, tell, signal } = sending
  while (!signal.aborted) {
    try {
      const status = await client.submission(eventId, acceptNumber, { waitSeconds: FOLLOW_SECONDS })
      const { state, seq, problem } = status
      if (state === 'dead') return tell({ name: 'failed', problem: problem ?? UNKNOWN_PROBLEM, acceptNumber })
      if (state !== 'accepted')
        return tell({ name: 'ended', state, acceptNumber, ...(seq === undefined ? {} : { seq }) })
    } catch (error) {
      // It was accepted, so it is safe. An answer may come with the next question, or with another token.
      const problem = error instanceof ProblemError ? error.problem : undefined
      if (problem?.status === 404) return tell({ name: 'failed', problem, acceptNumber })
    }
    await pause(FOLLOW_PAUSE_MS, signal)
  }
}

function submit(
  client: DatelineClient,
  eventId: string,
  task: Task,
  options: WriteOptions,
): Promise<Written | EventWritten> {
  switch (task.kind) {
    case 'publish':
      return client.publish(eventId, task.draft, options)
    case 'revise':
      return client.revise(eventId, task.updateId, task.version, task.patch, options)
    case 'retract':
      return client.retract(eventId, task.updateId, task.version, task.reason, options)
    case 'change event':
      return client.changeEvent(eventId, task.version, task.patch, options)
  }
}

function progressOf(error: unknown, task: Task): Progress {
  if (!(error instanceof ProblemError)) {
    return { name: 'failed', problem: { ...UNKNOWN_PROBLEM, detail: String(error) } }
  }
  // The update id is this submission's own: it arrived earlier, longer ago than its key is remembered.
  if (task.kind === 'publish' && error.code === 'update-exists') return { name: 'ended', state: 'published' }
  return { name: 'failed', problem: error.problem }
}

const UNKNOWN_PROBLEM = { type: 'about:blank', title: 'It could not be published', status: 0, retry: false }

function endOf(task: Task): EndState {
  return ({ publish: 'published', revise: 'revised', retract: 'retracted', 'change event': 'applied' } as const)[
    task.kind
  ]
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    const timer = setTimeout(resolve, ms)
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      resolve()
    })
  })
}
