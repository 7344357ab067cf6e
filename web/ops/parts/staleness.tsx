import { clockTime } from '../../reading/times.ts'
import { problemWords } from './problem-words.ts'
import type { Polled } from './use-polled.ts'

/** Says that what is shown is old, since when and why. Nothing while all is well. */
export function Staleness({ polled }: { polled: Polled<unknown> }) {
  const { problem, readAtMs, reload } = polled
  const zone = new Intl.DateTimeFormat().resolvedOptions().timeZone
  return (
    <div role="status">
      {problem === undefined ? null : (
        <p class="banner">
          <b>
            {readAtMs === undefined
              ? 'The state of the servers could not be read.'
              : `The numbers are those of ${clockTime(new Date(readAtMs).toISOString(), zone, 'en')}.`}
          </b>{' '}
          {problemWords(problem)} It is tried again by itself.{' '}
          <button type="button" class="link" onClick={reload}>
            Try again now
          </button>
        </p>
      )}
    </div>
  )
}
