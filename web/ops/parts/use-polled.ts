import { useEffect, useRef, useState } from 'preact/hooks'
import type { Problem } from '../../../src/protocol/problems.ts'
import { problemOf } from '../../desk/problem-of.ts'
import { type Poll, startPoll } from './poll.ts'

export interface Polled<Answer> {
  /** What was answered last; it stays while later questions fail. */
  readonly value: Answer | undefined
  /** Why the last question failed. */
  readonly problem: Problem | undefined
  /** When `value` came, in ms since 1970. */
  readonly readAtMs: number | undefined
  readonly reload: () => void
}

/**
 * Asks now and every `everyMs` while the page can be seen. When `key` changes, another thing is asked for: what was
 * answered for the one before is gone.
 */
export function usePolled<Answer>(
  ask: (signal: AbortSignal) => Promise<Answer>,
  { everyMs, key }: { readonly everyMs: number; readonly key: string },
): Polled<Answer> {
  const [state, setState] = useState<Omit<Polled<Answer>, 'reload'> & { readonly key: string }>({
    key,
    value: undefined,
    problem: undefined,
    readAtMs: undefined,
  })
  const question = useRef(ask)
  question.current = ask
  const poll = useRef<Poll | undefined>(undefined)

  useEffect(() => {
    const started = startPoll<Answer>({
      ask: signal => question.current(signal),
      tell: value => setState({ key, value, problem: undefined, readAtMs: Date.now() }),
      fail: error =>
        setState(before => ({
          ...(before.key === key ? before : { key, value: undefined, readAtMs: undefined }),
          problem: problemOf(error),
        })),
      everyMs,
      isHidden: () => document.visibilityState === 'hidden',
      random: Math.random,
    })
    poll.current = started
    const shown = () => document.visibilityState === 'visible' && started.now()
    document.addEventListener('visibilitychange', shown)
    return () => {
      document.removeEventListener('visibilitychange', shown)
      started.stop()
    }
  }, [key, everyMs])

  const isOther = state.key !== key
  return {
    value: isOther ? undefined : state.value,
    problem: isOther ? undefined : state.problem,
    readAtMs: isOther ? undefined : state.readAtMs,
    reload: () => poll.current?.now(),
  }
}
