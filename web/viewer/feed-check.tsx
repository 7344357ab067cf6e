import { useState } from 'preact/hooks'
import type { Verified } from '../../src/client/chain-check.ts'
import type { DatelineClient } from '../../src/client/types.ts'
import type { FeedProof } from '../../src/protocol/ops.ts'
import { ownWords, type Reader } from '../reading/reader.ts'

export interface FeedCheckProps {
  readonly client: Pick<DatelineClient, 'proof'>
  readonly eventId: string
  /** What this page has checked itself. */
  readonly verified: Verified
  readonly reader: Reader
}

type Asked = { readonly state: 'not' | 'asking' | 'failed' } | { readonly state: 'told'; readonly proof: FeedProof }

/** At the end of the feed, for who wants to know: whether what came is what was published, and a check of all of it. */
export function FeedCheck({ client, eventId, verified, reader }: FeedCheckProps) {
  const [asked, setAsked] = useState<Asked>({ state: 'not' })
  const ask = async () => {
    setAsked({ state: 'asking' })
    try {
      setAsked({ state: 'told', proof: await client.proof(eventId) })
    } catch {
      // Whatever the reason, the reader can do one thing: try again.
      setAsked({ state: 'failed' })
    }
  }
  return (
    <p class="feed-check" {...ownWords(reader)}>
      <span class={verified.state === 'broken' ? 'is-broken' : ''}>{verifiedWords(verified)} </span>
      <span role="status">{askedWords(asked)} </span>
      <button type="button" disabled={asked.state === 'asking'} onClick={() => void ask()}>
        Check the whole feed
      </button>
    </p>
  )
}

/** Pure: a sentence on what came since the page was opened. */
export function verifiedWords(verified: Verified): string {
  if (verified.state === 'broken') {
    return `Entry ${verified.seq} is not what the feed’s chain says. Reload the page to see it as it was published.`
  }
  const { from, to } = verified
  if (to < from) return ''
  const which = to === from ? `Entry ${to}` : `Entries ${from} to ${to}`
  return `${which} came complete, in order and unaltered.`
}

/** Pure: a sentence on what the server found. */
export function askedWords(asked: Asked): string {
  switch (asked.state) {
    case 'not':
      return ''
    case 'asking':
      return 'Checking …'
    case 'failed':
      return 'The feed could not be checked just now.'
    default:
      return proofWords(asked.proof)
  }
}

function proofWords(proof: FeedProof): string {
  if (proof.complete) return `The feed is complete: entries ${proof.from} to ${proof.to}, in order and unaltered.`
  const { seq, problem } = proof.firstDifference
  return problem === 'missing'
    ? `Entry ${seq} of the feed is missing.`
    : `Entry ${seq} of the feed was altered or moved.`
}
