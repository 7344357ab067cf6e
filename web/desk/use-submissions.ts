import { useEffect, useRef, useState } from 'preact/hooks'
import type { DatelineClient } from '../../src/client/types.ts'
import type { DeskStorage } from './desk-storage.ts'
import type { Draft } from './draft.ts'
import { progressWords } from './progress-words.ts'
import { followSubmission, sendSubmission } from './send-submission.ts'
import {
  afterReload,
  isWorthKeeping,
  type Seen,
  type Submission,
  type SubmissionStep,
  stepSubmissions,
  type Task,
} from './submission.ts'

export interface Submissions {
  readonly list: readonly Submission[]
  /** The last change of state, for screen readers. */
  readonly announcement: string
  /** False when the browser could not store a submission: then it lives only as long as this page. */
  readonly stored: boolean
  readonly send: (task: Task, label: string, draft?: Draft) => void
  /** The same submission under the same key once more. */
  readonly sendAgain: (submission: Submission) => void
  readonly dismiss: (key: string) => void
  readonly see: (seen: Seen) => void
}

/** The submissions of one event at this desk: kept over reloads, sent until they have ended. */
export function useSubmissions(
  client: DatelineClient,
  eventId: string,
  storage: DeskStorage,
  onTokenRefused: () => void,
): Submissions {
  const [list, setList] = useState<readonly Submission[]>([])
  const [announcement, setAnnouncement] = useState('')
  const [stored, setStored] = useState(true)
  const latest = useRef(list)
  const closing = useRef(new AbortController())

  const act = (step: SubmissionStep): void => {
    const before = latest.current
    const after = stepSubmissions(before, step)
    latest.current = after
    setList(after)
    for (const one of after) {
      if (before.includes(one)) continue
      if (!isWorthKeeping(one)) storage.dropSubmission(one.key)
      else if (!storage.saveSubmission(one)) setStored(false)
      const { spoken } = progressWords(one.progress, Date.now())
      if (one.progress.name !== 'sending') setAnnouncement(`${one.label}: ${spoken}`)
    }
    if (step.do === 'dismiss') storage.dropSubmission(step.key)
  }

  const sendingOf = (key: string) => ({
    client,
    signal: closing.current.signal,
    tell: (progress: Submission['progress']) => {
      act({ do: 'progress', key, progress })
      if (progress.name === 'failed' && progress.problem.status === 401) onTokenRefused()
    },
  })

  const start = (submission: Submission): void => {
    act({ do: 'add', submission })
    void sendSubmission(submission, sendingOf(submission.key))
  }

  useEffect(() => {
    closing.current = new AbortController()
    for (const found of storage.readSubmissions().toReversed()) {
      const next = afterReload(found)
      act({ do: 'add', submission: next.submission })
      const { key, progress } = next.submission
      if (next.do === 'send') void sendSubmission(next.submission, sendingOf(key))
      if (next.do === 'follow' && 'acceptNumber' in progress && progress.acceptNumber !== undefined) {
        void followSubmission(eventId, progress.acceptNumber, sendingOf(key))
      }
    }
    return () => closing.current.abort()
  }, [])

  return {
    list,
    announcement,
    stored,
    send: (task, label, draft) =>
      start({
        key: newKey(),
        eventId,
        createdAtMs: Date.now(),
        label,
        task,
        ...(draft === undefined ? {} : { draft }),
        progress: { name: 'sending' },
      }),
    sendAgain: submission => start({ ...submission, progress: { name: 'sending' } }),
    dismiss: key => act({ do: 'dismiss', key }),
    see: seen => act({ do: 'seen', seen }),
  }
}

/** 128 random bits. Not randomUUID, which browsers keep from pages that came over plain http. */
function newKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map(byte => byte.toString(16).padStart(2, '0')).join('')
}
