import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { beginCheck, type ChainCheck, checkEntry } from '../../../src/client/chain-check.ts'
import { isLinked } from '../../../src/feed/chain.ts'
import type { Entry } from '../../../src/protocol/entry.ts'
import { EMPTY_CHAIN } from '../../../src/protocol/position.ts'
import { anArchive, linked } from '../../support/build-archive.ts'

const lines = linked(anArchive(12).entries)
const entries = lines.map(line => JSON.parse(line) as Entry)
const atStart = beginCheck({ epoch: 'e', seq: 0, chain: EMPTY_CHAIN })
const checked = (list: readonly Entry[], from: ChainCheck = atStart) => list.reduce(checkEntry, from)

/** Of entry `seq` of the feed. */
function entryAt(seq: number): Entry {
  const entry = entries[seq - 1]
  if (entry === undefined) throw new Error(`no entry ${seq}`)
  return entry
}

describe('the check of a watch', () => {
  it('[PROOF6] follows the chain entry by entry, from wherever it begins', () => {
    expect(atStart.verified).toEqual({ state: 'linked', from: 1, to: 0 })
    expect(checked(entries)).toEqual({ verified: { state: 'linked', from: 1, to: 13 }, chain: entryAt(13).chain })
    const atFive = beginCheck({ epoch: 'e', seq: 5, chain: entryAt(5).chain })
    expect(checked(entries.slice(5), atFive).verified).toEqual({ state: 'linked', from: 6, to: 13 })
  })

  it('[PROOF6] names the first entry that was altered, and stays with it', () => {
    const altered = { ...entryAt(7), at: '2020-01-01T00:00:00.000Z' }
    const { verified, chain } = checked(entries.with(6, altered))
    expect(verified).toEqual({ state: 'broken', seq: 7 })
    expect(chain).toBe(entryAt(13).chain)
  })

  it('[PROOF6] takes a chain that it was not told from the next entry', () => {
    const unknown = beginCheck({ epoch: 'e', seq: 5, chain: '' })
    expect(checkEntry(unknown, entryAt(6)).verified).toEqual({ state: 'linked', from: 7, to: 6 })
    expect(checked(entries.slice(5), unknown).verified).toEqual({ state: 'linked', from: 7, to: 13 })
  })

  it('[PROOF6] counts a taken-down entry by its digest, and one of a type that is not known yet as it is', () => {
    const { seq, at, chain } = entryAt(4)
    const digestOf = (text: string) => /"digest":"([0-9a-f]{40})"/.exec(text)?.[1]
    const purged = { seq, chain, at, type: 'purged', updateId: 'x', digest: '0'.repeat(40) } as Entry
    expect(checked(entries.with(3, purged)).verified).toEqual({ state: 'broken', seq: 4 })
    const [first = ''] = linked([
      `{"seq":1,"chain":"${EMPTY_CHAIN}","at":"${at}","type":"of-tomorrow","x":{"b":1,"a":[2]}}`,
    ])
    expect(digestOf(first)).toBeUndefined()
    expect(checkEntry(atStart, JSON.parse(first) as Entry).verified).toEqual({ state: 'linked', from: 1, to: 1 })
  })

  it('[PROOF6] says of any text what the gateways say of its line', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string(), fc.boolean(), (text, key, isAltered) => {
        const named = { [`k${key}`]: text }
        const plain = JSON.stringify({ seq: 1, chain: EMPTY_CHAIN, at: entryAt(1).at, type: 'published', named })
        const [line = ''] = linked([plain])
        const given = isAltered ? line.replace('"named":{', '"named":{"more":1,') : line
        const { verified } = checkEntry(atStart, JSON.parse(given) as Entry)
        expect(verified.state === 'linked').toBe(isLinked(EMPTY_CHAIN, given))
        expect(verified.state === 'linked').toBe(!isAltered)
      }),
    )
  })
})
