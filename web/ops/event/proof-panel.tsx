import { useState } from 'preact/hooks'
import type { FeedProof } from '../../../src/protocol/ops.ts'
import type { OpsApi } from '../ops-api.ts'
import { DeedAnswer, Panel } from '../parts/panel.tsx'
import { useDeeds } from '../parts/use-deeds.ts'

/** Has the feed's chain recomputed, on demand. */
export function ProofPanel({ api, eventId }: { api: OpsApi; eventId: string }) {
  const [proof, setProof] = useState<FeedProof>()
  const deeds = useDeeds()
  const prove = () =>
    deeds.act(async () => {
      const found = await api.proof(eventId)
      setProof(found)
      return found
    }, proofWords)
  return (
    <Panel
      title="Feed proof"
      hint="Recomputes the digest of every entry and the chain over them: whether the feed is complete, in order and unaltered."
    >
      <div class="deeds">
        <button type="button" aria-disabled={deeds.isBusy} onClick={prove}>
          Check the feed
        </button>
      </div>
      <DeedAnswer deeds={deeds} />
      {proof === undefined || !proof.complete ? null : (
        <dl class="facts">
          <dt>Epoch</dt>
          <dd class="code">{proof.epoch}</dd>
          <dt>Chain</dt>
          <dd class="code">{proof.chain}</dd>
        </dl>
      )}
    </Panel>
  )
}

function proofWords(proof: FeedProof): string {
  if (proof.complete) return `Complete, in order and unaltered: entries ${proof.from} to ${proof.to}.`
  const { seq, problem } = proof.firstDifference
  return `The feed does not hold. Entry ${seq} ${DIFFERENCE_WORDS[problem]}.`
}

type Difference = Extract<FeedProof, { complete: false }>['firstDifference']['problem']

const DIFFERENCE_WORDS: Readonly<Record<Difference, string>> = {
  missing: 'is missing',
  'out-of-place': 'stands in another one’s place',
  'not-linked': 'does not follow on the one before it: one of them was altered',
  'other-end': 'is not the end that the feed should have',
}
