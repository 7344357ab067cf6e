import type { Problem } from '../../src/protocol/problems.ts'
import type { EndState, Progress } from './submission.ts'
import { waitReason } from './wait-reason.ts'

const END_WORDS: Readonly<Record<EndState, string>> = {
  published: 'Published',
  revised: 'Revised',
  retracted: 'Retracted',
  applied: 'Applied',
  held: 'Held: waits for an editor',
  released: 'Released by an editor',
  retried: 'Tried again by ops, under a new number',
  discarded: 'Discarded by an editor',
  superseded: 'Superseded: a later version is published already',
}

export interface ProgressWords {
  readonly tone: 'busy' | 'good' | 'bad'
  readonly text: string
  /** Said to screen readers: without what changes every second. */
  readonly spoken: string
}

/** Pure: where a submission stands, in words. `nowMs` is a time since 1970. */
export function progressWords(progress: Progress, nowMs: number): ProgressWords {
  const say = (tone: ProgressWords['tone'], text: string, spoken = text): ProgressWords => ({ tone, text, spoken })
  switch (progress.name) {
    case 'sending':
      return say('busy', 'Sending…')
    case 'repeating': {
      const seconds = Math.max(0, Math.ceil((progress.untilMs - nowMs) / 1_000))
      const why = waitReason(progress.problem)
      const when = seconds === 0 ? 'Sending again…' : `It is sent again by itself in ${seconds} s.`
      return say('busy', `${why} ${when}`, `${why} It is sent again by itself.`)
    }
    case 'accepted':
      return say(
        'busy',
        `Accepted as #${progress.acceptNumber}, being published…`,
        `Accepted as ${progress.acceptNumber}`,
      )
    case 'ended':
      return say(
        progress.state === 'held' || progress.state === 'superseded' ? 'busy' : 'good',
        [END_WORDS[progress.state], ...numbers(progress)].join(', '),
        END_WORDS[progress.state],
      )
    case 'failed':
      return say('bad', `Failed: ${progress.problem.title}`, `Failed: ${reasonOf(progress.problem)}`)
  }
}

function numbers({ acceptNumber, seq }: { acceptNumber?: number; seq?: number }): string[] {
  return [
    ...(acceptNumber === undefined ? [] : [`#${acceptNumber}`]),
    ...(seq === undefined ? [] : [`entry ${seq} of the feed`]),
  ]
}

function reasonOf({ title, detail }: Problem): string {
  return detail === undefined ? title : `${title}. ${detail}`
}
