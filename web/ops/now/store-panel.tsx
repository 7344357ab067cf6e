import type { StoreState } from '../../../src/protocol/ops.ts'
import { fullTime } from '../../reading/times.ts'
import { Panel } from '../parts/panel.tsx'
import { bytesWords, spanWords } from '../parts/words.ts'

const DURABILITY_WORDS: Readonly<Record<StoreState['durability'], string>> = {
  always: 'every write, before it is answered',
  everysec: 'once a second: a crash of Redis may lose the last second',
  no: 'when the system likes: a crash of Redis may lose more than a second',
}

/** Redis: whether it answers, how full it is, and when it will be full. */
export function StorePanel({ store, nowMs }: { store: StoreState; nowMs: number }) {
  const { reachable, usedBytes, maxBytes, fullAt, durability, version } = store
  const zone = new Intl.DateTimeFormat().resolvedOptions().timeZone
  return (
    <Panel title="Store">
      <dl class="facts">
        <dt>Redis</dt>
        <dd class={reachable ? '' : 'is-bad'}>{reachable ? `${version}, reachable` : 'It does not answer.'}</dd>
        <dt>Memory</dt>
        <dd>
          {maxBytes === null ? (
            `${bytesWords(usedBytes)}, without a limit`
          ) : (
            <>
              {bytesWords(usedBytes)} of {bytesWords(maxBytes)}
              <meter min={0} max={maxBytes} high={maxBytes * 0.8} value={usedBytes} aria-label="Memory in use" />
            </>
          )}
        </dd>
        {fullAt === null ? null : (
          <>
            <dt>Full</dt>
            <dd class="is-bad">
              in about {spanWords(Math.max(0, Date.parse(fullAt) - nowMs))} ({fullTime(fullAt, zone, 'en')}), if it
              grows as in the last while
            </dd>
          </>
        )}
        <dt>Written to disk</dt>
        <dd>{DURABILITY_WORDS[durability]}</dd>
      </dl>
    </Panel>
  )
}
