import { describe, expect, it } from 'vitest'
import { askedWords, verifiedWords } from '../../../web/viewer/feed-check.tsx'

describe('the words of the feed check', () => {
  it('[PROOF7] tell what came, and nothing before something came', () => {
    expect(verifiedWords({ state: 'linked', from: 4, to: 3 })).toBe('')
    expect(verifiedWords({ state: 'linked', from: 4, to: 4 })).toBe('Entry 4 came complete, in order and unaltered.')
    expect(verifiedWords({ state: 'linked', from: 4, to: 9 })).toBe(
      'Entries 4 to 9 came complete, in order and unaltered.',
    )
    expect(verifiedWords({ state: 'broken', seq: 7 })).toMatch(/^Entry 7 is not what the feed’s chain says\./)
  })

  it('[PROOF7] tell what the server found', () => {
    expect(askedWords({ state: 'not' })).toBe('')
    const found = (problem: 'missing' | 'not-linked') =>
      askedWords({ state: 'told', proof: { complete: false, firstDifference: { seq: 3, problem } } })
    expect(found('missing')).toBe('Entry 3 of the feed is missing.')
    expect(found('not-linked')).toBe('Entry 3 of the feed was altered or moved.')
  })
})
