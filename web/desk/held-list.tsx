import { useState } from 'preact/hooks'
import type { DatelineClient, WriteOptions } from '../../src/client/types.ts'
import type { HeldSubmission } from '../../src/protocol/held.ts'
import type { Problem } from '../../src/protocol/problems.ts'
import { fullTime } from '../reading/times.ts'
import { DiscardDialog } from './discard-dialog.tsx'
import { problemOf } from './problem-of.ts'
import { stepWords } from './step-words.ts'
import { type HeldFeed, useHeld } from './use-held.ts'
import { waitReason } from './wait-reason.ts'

export interface HeldListProps {
  readonly client: DatelineClient
  readonly eventId: string
  readonly zone: string
  /** Changes when something may have been held: the list is read again. */
  readonly trigger: unknown
}

/** What waits for an editor in this event. Not there while nothing does. */
export function HeldList({ client, eventId, zone, trigger }: HeldListProps) {
  const held = useHeld(client, eventId, trigger)
  const [said, setSaid] = useState('')
  const { list, problem } = held
  return (
    <>
      <p class="hidden-text" role="status">
        {said}
      </p>
      {list.length === 0 ? null : (
        <section class="card held" aria-labelledby="held">
          <h2 id="held">Held for an editor ({list.length})</h2>
          {problem === undefined ? null : <p class="fault">The list may be old: {problem.detail ?? problem.title}</p>}
          <ol>
            {list.map(one => (
              <HeldItem key={one.acceptNumber} {...{ client, eventId, zone, held, say: setSaid }} one={one} />
            ))}
          </ol>
        </section>
      )}
    </>
  )
}

interface HeldItemProps extends Omit<HeldListProps, 'trigger'> {
  readonly one: HeldSubmission
  readonly held: HeldFeed
  readonly say: (words: string) => void
}

function HeldItem({ client, eventId, zone, one, held, say }: HeldItemProps) {
  const [isBusy, setBusy] = useState(false)
  const [isAsking, setAsking] = useState(false)
  const [problem, setProblem] = useState<Problem>()
  const [waits, setWaits] = useState('')
  const { acceptNumber, draft, submittedBy, acceptedAt, step, reason } = one
  const line = (draft.headline ?? draft.body ?? draft.media?.[0]?.caption ?? `#${acceptNumber}`).slice(0, 60)

  const onRepeat: WriteOptions['onRepeat'] = ({ problem }) => setWaits(`${waitReason(problem)} Trying again…`)
  const decide = async (deed: () => Promise<unknown>, done: string) => {
    if (isBusy) return
    setBusy(true)
    setProblem(undefined)
    try {
      await deed()
      say(`${done}: ${line}`)
    } catch (error) {
      setProblem(problemOf(error))
    }
    setBusy(false)
    setWaits('')
    held.reload()
  }
  const release = (overVersion?: number) =>
    decide(
      () => client.release(eventId, acceptNumber, { onRepeat, ...(overVersion === undefined ? {} : { overVersion }) }),
      'Released',
    )
  const laterVersion = problem?.type === '/problems/version-mismatch' ? problem['version'] : undefined

  return (
    <li class="held-item">
      <p class="caution">
        <b>{stepWords(step)}:</b> {reason}
      </p>
      {draft.headline === undefined ? null : (
        <p dir="auto">
          <b>{draft.headline}</b>
        </p>
      )}
      <p class="text held-text" dir="auto">
        {draft.body ?? draft.media?.[0]?.caption ?? ''}
      </p>
      <p class="soft">
        {submittedBy.name}, {fullTime(acceptedAt, zone, 'en')}, #{acceptNumber}
        {one.kind === 'revise' ? ', a revision' : ''}
      </p>
      {problem === undefined ? null : (
        <p class="fault" role="alert">
          {problem.title}. {problem.detail ?? ''}
        </p>
      )}
      <div class="deeds">
        {typeof laterVersion === 'number' ? (
          <button type="button" aria-disabled={isBusy} onClick={() => release(laterVersion)}>
            Release over the later version
          </button>
        ) : (
          <button type="button" aria-label={`Release: ${line}`} aria-disabled={isBusy} onClick={() => release()}>
            Release
          </button>
        )}
        <button type="button" aria-label={`Discard: ${line}`} aria-disabled={isBusy} onClick={() => setAsking(true)}>
          Discard
        </button>
      </div>
      <p role="status" class="soft">
        {waits}
      </p>
      {isAsking ? (
        <DiscardDialog
          line={line}
          discard={why => decide(() => client.discard(eventId, acceptNumber, why, { onRepeat }), 'Discarded')}
          close={() => setAsking(false)}
        />
      ) : null}
    </li>
  )
}
