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

/**
 * The deeds of one panel: one at a time, with what came of the last one.
 *
 * @param after is called when a deed was done or refused
 * @param tell is told in place of `said`, where what the deed is about may leave the page with it
 */
export function useDeeds(after: () => void = () => {}, tell?: (words: string) => void): Deeds {
  const [isBusy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Problem>()
  const [own, setOwn] = useState('')
  const say = tell ?? setOwn
  const running = useRef(false)
  return {
    isBusy,
    problem,
    said: own,
    async act(deed, done) {
      if (running.current) return false
      running.current = true
      setBusy(true)
      setProblem(undefined)
      say('')
      try {
        const answer = await deed()
        say(typeof done === 'string' ? done : done(answer))
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
