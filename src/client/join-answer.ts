import type { Entry } from '../protocol/entry.ts'
import type { Position } from '../protocol/position.ts'
import type { Problem } from '../protocol/problems.ts'
import type { Snapshot } from '../protocol/snapshot.ts'
import type { RestartReason } from '../protocol/socket.ts'
import { compareWithRoom, step } from './feed-cursor.ts'
import { readEntry, readJoinAnswer } from './received.ts'
import { askedToWaitMs } from './repeats.ts'

export type JoinStep =
  | { readonly do: 'restart'; readonly reason: RestartReason; readonly snapshot: Snapshot; readonly stale: boolean }
  /** Show these, in this order; what was already seen is not among them. */
  | { readonly do: 'resume'; readonly entries: readonly Entry[]; readonly stale: boolean }
  | { readonly do: 'refuse'; readonly problem: Problem }
  /** Join again after a while, and not before `waitMs`; `afresh`: without a position, because what it brings cannot be used. */
  | { readonly do: 'again'; readonly why: string; readonly afresh: boolean; readonly waitMs: number }

/** Pure: decides what an answer to a join means for a viewer that stands at `cursor`, or nowhere yet. */
export function judgeJoin(cursor: Position | undefined, received: unknown): JoinStep {
  const answer = readJoinAnswer(received)
  switch (answer?.result) {
    case undefined:
      return { do: 'again', why: 'The gateway gave an answer that cannot be read.', afresh: true, waitMs: 0 }
    case 'refused':
      if (!answer.problem.retry) return { do: 'refuse', problem: answer.problem }
      return {
        do: 'again',
        why: answer.problem.detail ?? answer.problem.title,
        afresh: false,
        waitMs: askedToWaitMs(answer.problem),
      }
    case 'restarted': {
      const snapshot = { ...answer.snapshot, position: answer.position }
      return { do: 'restart', reason: answer.reason, snapshot, stale: answer.stale === true }
    }
    case 'resumed': {
      const entries = cursor && unseen(cursor, answer.position, answer.entries)
      if (entries === undefined) return { do: 'again', why: 'The gateway left something out.', afresh: true, waitMs: 0 }
      return { do: 'resume', entries, stale: answer.stale === true }
    }
  }
}

/** The entries after `cursor`, or undefined when they do not lead to `end` without a hole. */
function unseen(cursor: Position, end: Position, received: readonly unknown[]): Entry[] | undefined {
  const entries: Entry[] = []
  let at = cursor
  for (const value of received) {
    const entry = readEntry(value)
    const next = entry && step(at, end.epoch, entry)
    if (entry === undefined || next === undefined || next.do === 'rejoin') return undefined
    if (next.do === 'ignore') continue
    entries.push(entry)
    at = next.cursor
  }
  // Entries that went live while the answer was under way may have taken the viewer past its end already.
  const arrived = compareWithRoom(at, end)
  return arrived.do === 'stay' || arrived.why === 'ahead of feed' ? entries : undefined
}
