import { useEffect, useRef, useState } from 'preact/hooks'
import type { DatelineClient } from '../../src/client/types.ts'
import type { HeldSubmission } from '../../src/protocol/held.ts'
import type { Problem } from '../../src/protocol/problems.ts'
import { problemOf } from './problem-of.ts'

const EVERY_MS = 10_000

export interface HeldFeed {
  readonly list: readonly HeldSubmission[]
  /** Why the list could not be read; what was read before stays. */
  readonly problem: Problem | undefined
  readonly reload: () => void
}

/** What waits for an editor, read again and again while the page can be seen, and whenever `trigger` changes. */
export function useHeld(client: DatelineClient, eventId: string, trigger: unknown): HeldFeed {
  const [list, setList] = useState<readonly HeldSubmission[]>([])
  const [problem, setProblem] = useState<Problem>()
  const turn = useRef(0)

  const reload = () => {
    turn.current += 1
    const mine = turn.current
    client.held(eventId).then(
      held => {
        if (mine !== turn.current) return
        setList(held)
        setProblem(undefined)
      },
      (error: unknown) => mine === turn.current && setProblem(problemOf(error)),
    )
  }

  useEffect(reload, [trigger])
  useEffect(() => {
    const timer = setInterval(() => document.visibilityState === 'visible' && reload(), EVERY_MS)
    return () => {
      clearInterval(timer)
      turn.current += 1
    }
  }, [])
  return { list, problem, reload }
}
