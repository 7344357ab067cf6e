import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import * as ws from 'ws'
import { isLinked } from '../../../src/feed/chain.ts'
import { entryFrame, eventFrame } from '../../../src/gateway/frame.ts'
import { EMPTY_CHAIN } from '../../../src/protocol/position.ts'

const sha1 = (text: string) => createHash('sha1').update(text).digest('hex')

function aLine(seq: number, chainBefore: string, rest = '"at":"2026-11-24T10:00:00.000Z","type":"event"}'): string {
  const chain = sha1(chainBefore + sha1(`{"seq":${seq},${rest}`))
  return `{"seq":${seq},"chain":"${chain}",${rest}`
}

describe('a ready-made frame', () => {
  it.each([0, 100, 125, 126, 400, 65_535, 65_536, 200_000])(
    '[ROOM3] is what ws would send for %i characters',
    length => {
      const frame = eventFrame('notice', `"${'é'.repeat(length)}"`)
      const { Sender } = ws as unknown as { Sender: { frame(data: Buffer, options: object): Buffer[] } }
      const list = Sender.frame(Buffer.from(`4${frame.packet}`), {
        fin: true,
        rsv1: false,
        opcode: 1,
        mask: false,
        readOnly: false,
      })
      expect(frame.bytes.equals(Buffer.concat(list))).toBe(true)
    },
  )

  it('[ROOM3] carries the entry as it was committed, byte for byte', () => {
    const line = aLine(1, EMPTY_CHAIN)
    const frame = entryFrame('talks', 'epoch1', line)
    expect(frame?.packet).toBe(`2["entry","talks","epoch1",${line}]`)
    expect(frame).toMatchObject({ seq: 1, line })
  })

  it('[STREAM2] is an event of an event stream as well, under the position behind it', () => {
    const line = aLine(1, EMPTY_CHAIN, '"at":"2026-11-24T10:00:00.000Z","type":"event","text":"é\\n"}')
    const frame = entryFrame('talks', 'epoch1', line)
    expect(frame?.streamBytes.toString()).toBe(`id:epoch1:1:${frame?.chain}\ndata:${line}\n\n`)
    expect(eventFrame('beacon', '{"seq":1}').streamBytes.toString()).toBe('event:beacon\ndata:{"seq":1}\n\n')
  })

  it('[ROOM3] is not made of a line that is none of ours', () => {
    for (const line of ['', '{}', '{"seq":1}', '{"chain":"","seq":1}', 'null']) {
      expect(entryFrame('talks', 'epoch1', line)).toBeUndefined()
    }
  })
})

describe('a line links to the chain before it', () => {
  const first = aLine(1, EMPTY_CHAIN)

  it('[ROOM4] when nothing was lost, moved or altered', () => {
    expect(isLinked(EMPTY_CHAIN, first)).toBe(true)
    expect(isLinked(sha1('another'), first)).toBe(false)
    expect(isLinked(EMPTY_CHAIN, first.replace('10:00', '10:01'))).toBe(false)
  })

  it('[ROOM4] also when it stands for a line that was taken down', () => {
    const seq = 2
    const chainBefore = sha1('before')
    const digest = sha1('the line that is gone')
    const chain = sha1(chainBefore + digest)
    const at = '2026-11-24T10:00:00.000Z'
    const updateId = '01930000-0000-7000-8000-000000000000'
    const purged = JSON.stringify({ seq, chain, at, type: 'purged', updateId, digest })
    expect(isLinked(chainBefore, purged)).toBe(true)
    expect(isLinked(EMPTY_CHAIN, purged)).toBe(false)
  })
})
