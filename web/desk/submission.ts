import type { z } from 'zod'
import type { EventPatch } from '../../src/protocol/event.ts'
import type { Problem } from '../../src/protocol/problems.ts'
import type { SubmissionState } from '../../src/protocol/submission.ts'
import type { UpdateDraft, UpdatePatch } from '../../src/protocol/update.ts'
import type { Draft } from './draft.ts'

/** What a submission asks for. */
export type Task =
  | { readonly kind: 'publish'; readonly draft: z.input<typeof UpdateDraft> & { readonly updateId: string } }
  | {
      readonly kind: 'revise'
      readonly updateId: string
      readonly version: number
      readonly patch: z.input<typeof UpdatePatch>
    }
  | { readonly kind: 'retract'; readonly updateId: string; readonly version: number; readonly reason?: string }
  | { readonly kind: 'change event'; readonly version: number; readonly patch: z.input<typeof EventPatch> }

export type EndState = Exclude<SubmissionState, 'accepted' | 'dead'>

export type Progress =
  | { readonly name: 'sending' }
  /** It is sent again at `untilMs` (since 1970) by itself. */
  | { readonly name: 'repeating'; readonly untilMs: number; readonly problem?: Problem }
  | { readonly name: 'accepted'; readonly acceptNumber: number; readonly version?: number }
  | { readonly name: 'ended'; readonly state: EndState; readonly acceptNumber?: number; readonly seq?: number }
  | { readonly name: 'failed'; readonly problem: Problem; readonly acceptNumber?: number }

/** One thing that this desk sent, or is sending. */
export interface Submission {
  /** Its Idempotency-Key: sending it again, after a reload too, cannot make it two. */
  readonly key: string
  readonly eventId: string
  readonly createdAtMs: number
  /** In a line, what it is: `Update: Talks break up`. */
  readonly label: string
  readonly task: Task
  /** What was in the editor, so that it can be put back. */
  readonly draft?: Draft
  readonly progress: Progress
}

export type SubmissionStep =
  | { readonly do: 'add'; readonly submission: Submission }
  | { readonly do: 'progress'; readonly key: string; readonly progress: Progress }
  /** The live feed showed what was submitted: it may be sooner here than any answer. */
  | { readonly do: 'seen'; readonly seen: Seen }
  | { readonly do: 'dismiss'; readonly key: string }

/** An entry of the feed, as far as it can be told whose it is. */
export interface Seen {
  readonly acceptNumber: number
  readonly seq: number
  readonly state: EndState
  /** Of an entry of type `published`. */
  readonly publishedId?: string
}

/** Pure: the list (newest first) after one step. What has ended stays ended, whichever answer comes late. */
export function stepSubmissions(list: readonly Submission[], step: SubmissionStep): readonly Submission[] {
  switch (step.do) {
    case 'add':
      return [step.submission, ...list.filter(({ key }) => key !== step.submission.key)]
    case 'dismiss':
      return list.filter(({ key }) => key !== step.key)
    case 'progress':
      return list.map(one => (one.key === step.key ? { ...one, progress: later(one.progress, step.progress) } : one))
    case 'seen': {
      const { seq, state, acceptNumber } = step.seen
      const progress: Progress = { name: 'ended', state, acceptNumber, seq }
      return list.map(one => (isSeen(one, step.seen) ? { ...one, progress } : one))
    }
  }
}

function later(before: Progress, after: Progress): Progress {
  // What an editor decides about a held one comes after its end.
  if (before.name !== 'ended' || (before.state === 'held' && after.name === 'ended')) return after
  return after.name === 'ended' ? { ...after, ...before } : before
}

function isSeen({ task, progress }: Submission, seen: Seen): boolean {
  if (progress.name === 'accepted') return progress.acceptNumber === seen.acceptNumber
  // One that was held ended under its number; once it is released its update is published under another.
  const mayEndYet = progress.name === 'ended' && progress.state === 'held'
  if ((progress.name === 'ended' && !mayEndYet) || progress.name === 'failed') return false
  // Nobody else has this update id.
  return task.kind === 'publish' && task.draft.updateId === seen.publishedId
}

/**
 * Pure: the version to name in If-Match for an update (or for the event, without an id): the one that is shown, or a
 * later one that the server told of in an answer to this desk.
 */
export function versionToMatch(list: readonly Submission[], shown: number, updateId?: string): number {
  const told = list.filter(one => updateOf(one.task) === updateId).flatMap(({ progress }) => toldVersion(progress))
  return Math.max(shown, ...told)
}

function updateOf(task: Task): string | undefined {
  if (task.kind === 'change event') return undefined
  return task.kind === 'publish' ? task.draft.updateId : task.updateId
}

function toldVersion(progress: Progress): readonly number[] {
  const version =
    progress.name === 'accepted'
      ? progress.version
      : progress.name === 'failed'
        ? progress.problem['version']
        : undefined
  return typeof version === 'number' ? [version] : []
}

/** Whether a submission must outlive a reload: it has not ended, or it failed with words that may be wanted again. */
export function isWorthKeeping({ progress }: Submission): boolean {
  return progress.name !== 'ended' || progress.state === 'held'
}

/** Pure: what is done with a submission that is found after a reload. */
export function afterReload(submission: Submission): { do: 'send' | 'follow' | 'show'; submission: Submission } {
  switch (submission.progress.name) {
    case 'sending':
    case 'repeating':
      return { do: 'send', submission: { ...submission, progress: { name: 'sending' } } }
    case 'accepted':
      return { do: 'follow', submission }
    case 'failed':
      // For want of a token: there is another one now, or it fails again.
      if (submission.progress.problem.status !== 401) return { do: 'show', submission }
      return { do: 'send', submission: { ...submission, progress: { name: 'sending' } } }
    case 'ended': {
      const { state, acceptNumber } = submission.progress
      return { do: state === 'held' && acceptNumber !== undefined ? 'follow' : 'show', submission }
    }
  }
}
