import { useRef, useState } from 'preact/hooks'
import type { Problem } from '../../../src/protocol/problems.ts'
import { problemOf } from '../../desk/problem-of.ts'

export interface Deeds {
  readonly isBusy: boolean
  /** Why the last deed was refused. */
  readonly problem: Problem | undefined
  /** What the last deed brought, for screen readers and beside its button. */
  readonly said: string
  /** Does one thing at a time. `done` is said when it worked, or made of what was answered. Answers whether it worked. */
  readonly act: <Answer>(deed: () => Promise<Answer>, done: string | ((answer: Answer) => string)) => Promise<boolean>
}

/** The deeds of one panel: one at a time, with what came of the last one. */
export function useDeeds(after: () => void = () => {}): Deeds {
  const [isBusy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Problem>()
  const [said, setSaid] = useState('')
  const running = useRef(false)
  return {
    isBusy,
    problem,
    said,
    async act(deed, done) {
      if (running.current) return false
      running.current = true
      setBusy(true)
      setProblem(undefined)
      setSaid('')
      try {
        const answer = await deed()
        setSaid(typeof done === 'string' ? done : done(answer))
        return true
      } catch (error) {
        setProblem(problemOf(error))
        return false
      } finally {
        running.current = false
        setBusy(false)
        after()
      }
    },
  }
}
