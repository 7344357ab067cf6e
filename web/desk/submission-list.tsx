import type { Update } from '../../src/protocol/update.ts'
import { Conflict } from './conflict.tsx'
import { progressWords } from './progress-words.ts'
import type { Submission } from './submission.ts'

export interface SubmissionDeeds {
  readonly sendAgain: (submission: Submission) => void
  readonly dismiss: (key: string) => void
  /** Puts a failed one's words back into the editor. */
  readonly putBack: (submission: Submission) => void
  /** Sends a refused revision again, over the version that stands now. */
  readonly overwrite: (submission: Submission) => void
}

export interface SubmissionListProps extends SubmissionDeeds {
  readonly list: readonly Submission[]
  readonly nowMs: number
  /** The update as it stands now, if the desk has it. */
  readonly currentUpdate: (updateId: string) => Update | undefined
}

/** What was sent from here, newest first, with what became of it. */
export function SubmissionList({ list, nowMs, currentUpdate, ...deeds }: SubmissionListProps) {
  return (
    <section class="card submissions" aria-labelledby="submissions">
      <h2 id="submissions">Sent from here</h2>
      {list.length === 0 ? <p class="soft">Nothing yet. What you post is listed here until it is published.</p> : null}
      <ul>
        {list.map(submission => {
          const { tone, text } = progressWords(submission.progress, nowMs)
          return (
            <li key={submission.key} class={`submission is-${tone}`} data-state={submission.progress.name}>
              <p class="submission-label" dir="auto">
                {submission.label}
              </p>
              <p class="submission-state">{text}</p>
              <Failure submission={submission} deeds={deeds} currentUpdate={currentUpdate} />
            </li>
          )
        })}
      </ul>
    </section>
  )
}

interface FailureProps {
  readonly submission: Submission
  readonly deeds: SubmissionDeeds
  readonly currentUpdate: SubmissionListProps['currentUpdate']
}

function Failure({ submission, deeds, currentUpdate }: FailureProps) {
  const { progress, task, draft, label, key } = submission
  if (progress.name === 'ended') return <Dismiss label={label} press={() => deeds.dismiss(key)} />
  if (progress.name !== 'failed') return null
  const { problem } = progress
  const isConflict = problem.type === '/problems/version-mismatch'
  return (
    <>
      {problem.detail === undefined ? null : <p class="fault">{problem.detail}</p>}
      {problem.errors === undefined ? null : (
        <ul class="faults">
          {problem.errors.map(({ pointer, detail }) => (
            <li key={pointer + detail}>
              <code>{pointer.replace(/^#\//, '')}</code> {detail}
            </li>
          ))}
        </ul>
      )}
      {isConflict && task.kind === 'revise' && draft !== undefined ? (
        <Conflict draft={draft} now={currentUpdate(task.updateId)} />
      ) : null}
      <div class="deeds">
        {isConflict ? (
          <button type="button" onClick={() => deeds.overwrite(submission)}>
            {draft === undefined ? 'Try again' : 'Overwrite with mine'}
          </button>
        ) : (
          <button type="button" onClick={() => deeds.sendAgain(submission)}>
            Send again
          </button>
        )}
        {draft === undefined ? null : (
          <button type="button" onClick={() => deeds.putBack(submission)}>
            Put back into the editor
          </button>
        )}
        <Dismiss label={label} press={() => deeds.dismiss(key)} words="Discard" />
      </div>
    </>
  )
}

function Dismiss({ label, press, words = 'Hide' }: { label: string; press: () => void; words?: string }) {
  return (
    <button type="button" class="quiet" aria-label={`${words}: ${label}`} onClick={press}>
      {words}
    </button>
  )
}
