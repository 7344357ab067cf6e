import { describe, expect, it } from 'vitest'
import { compareWithRoom, step } from '../../../src/client/feed-cursor.ts'
import { chainOf } from './feed-model.ts'

const cursor = { epoch: 'e1', seq: 5, chain: chainOf(5) }

describe('a viewer at seq 5', () => {
  it.each([
    ['shows the next entry', 'e1', 6, 'a', { do: 'show', cursor: { epoch: 'e1', seq: 6, chain: chainOf(6) } }],
    ['ignores one it has seen', 'e1', 4, 'a', { do: 'ignore', why: 'already seen' }],
    ['ignores the one it stands at', 'e1', 5, 'a', { do: 'ignore', why: 'already seen' }],
    ['rejoins when one is missing', 'e1', 7, 'a', { do: 'rejoin', why: 'gap' }],
    ['rejoins when the feed is another', 'e2', 6, 'a', { do: 'rejoin', why: 'other epoch' }],
    ['rejoins when its own place holds another entry', 'e1', 5, 'b', { do: 'rejoin', why: 'other chain' }],
  ])('[SDK1] %s', (_title, epoch, seq, feed, expected) => {
    expect(step(cursor, epoch, { seq, chain: chainOf(seq, feed) })).toEqual(expected)
  })

  it.each([
    ['stays when the room stands there too', 'e1', 5, 'a', { do: 'stay' }],
    ['rejoins when the last entry was lost', 'e1', 6, 'a', { do: 'rejoin', why: 'missed entries' }],
    ['rejoins when the feed lost what it has', 'e1', 4, 'a', { do: 'rejoin', why: 'ahead of feed' }],
    ['rejoins when the feed is another', 'e2', 5, 'a', { do: 'rejoin', why: 'other epoch' }],
    ['rejoins when the room came there another way', 'e1', 5, 'b', { do: 'rejoin', why: 'other chain' }],
  ])('[SDK2] hears a beacon and %s', (_title, epoch, seq, feed, expected) => {
    expect(compareWithRoom(cursor, { epoch, seq, chain: chainOf(seq, feed) })).toEqual(expected)
  })

  it('[SDK2] takes a chain that is not known for the right one', () => {
    expect(compareWithRoom({ ...cursor, chain: '' }, cursor)).toEqual({ do: 'stay' })
    expect(step({ ...cursor, chain: '' }, 'e1', cursor)).toEqual({ do: 'ignore', why: 'already seen' })
  })
})
