import { describe, expect, it, vi } from 'vitest'
import { Refusal } from '../../src/foundation/errors.ts'
import { createTokens } from '../../src/foundation/tokens.ts'

const SECRET = 'a secret of at least 32 characters!'

describe('a token', () => {
  it('[AUTH1] that was verified once is refused all the same when it has run out', async () => {
    const tokens = createTokens(SECRET)
    const token = await tokens.sign({ sub: 'anna', name: 'Anna', roles: ['editor'] }, '60s')
    const first = await tokens.verify(token)
    expect(await tokens.verify(token)).toEqual(first)
    vi.useFakeTimers({ now: first.expiresAt, toFake: ['Date'] })
    await expect(tokens.verify(token)).rejects.toBeInstanceOf(Refusal)
    vi.useRealTimers()
  })

  it('[AUTH2] that was verified lends nothing to one that differs by a character', async () => {
    const tokens = createTokens(SECRET)
    const token = await tokens.sign({ sub: 'anna', name: 'Anna', roles: ['contributor'] }, '60s')
    await tokens.verify(token)
    const [head = '', payload = '', signature = ''] = token.split('.')
    const other = payload.startsWith('A') ? `B${payload.slice(1)}` : `A${payload.slice(1)}`
    for (const forged of [`${head}.${other}.${signature}`, token.slice(0, -2), `${head}.${payload}.`, `.${token}`]) {
      await expect(tokens.verify(forged)).rejects.toBeInstanceOf(Refusal)
    }
  })

  it('[AUTH3] is not known to a server with another secret, whatever that has verified', async () => {
    const token = await createTokens(SECRET).sign({ sub: 'anna', name: 'Anna', roles: ['ops'] }, '60s')
    await expect(createTokens(`${SECRET} not`).verify(token)).rejects.toBeInstanceOf(Refusal)
  })

  it('[AUTH4] counts also when more are in use than are remembered', async () => {
    const tokens = createTokens(SECRET)
    const many = await Promise.all(
      Array.from({ length: 1_100 }, (_, i) => tokens.sign({ sub: `e${i}`, name: `E${i}`, roles: ['editor'] }, '60s')),
    )
    for (const token of many) await tokens.verify(token)
    expect((await tokens.verify(many[0] ?? '')).sub).toBe('e0')
    expect((await tokens.verify(many[1_099] ?? '')).sub).toBe('e1099')
  })
})
