import { afterAll, describe, expect, it } from 'vitest'
import { createClient } from '../../src/client/client.ts'
import { DEFAULT_SETTINGS } from '../../src/protocol/normalization.ts'
import { acceptRequest, updateSubmission } from '../support/build.ts'
import { startServer } from '../support/server.ts'

const server = await startServer()
const client = createClient({ url: server.url, token: server.tokens.editor })
afterAll(async () => {
  client.close()
  await server.stop()
})
const { id: eventId } = await client.createEvent({ id: 'talks', headline: 'Talks' })
const { acceptor, committer } = server.store

async function hold(body: string): Promise<{ acceptNumber: number; updateId: string }> {
  const now = new Date()
  const submission = updateSubmission({ eventId, draft: { body, bodyFormat: 'text' } }, now)
  const accepted = await acceptor.accept(acceptRequest(submission), now)
  if (accepted.result !== 'accepted') throw new Error(accepted.result)
  const { acceptNumber } = accepted
  const { submissionId, updateId } = submission
  const reason = { step: 'blocked-terms', error: 'A name.', attempts: 1, at: now.toISOString() }
  await committer.commit({ eventId, acceptNumber, submissionId, updateId, sub: 'anna' }, { kind: 'held', reason }, now)
  return { acceptNumber, updateId }
}

describe('the SDK, for editors', () => {
  it('[SDK29] shows what would become of a draft, and what was typed for an update', async () => {
    const draft = { body: 'They  met.', bodyFormat: 'markdown' as const }
    const { update, held } = await client.preview(eventId, draft)
    expect([update.bodyHtml, held]).toEqual(['<p>They met.</p>', undefined])
    const written = await client.publish(eventId, draft, { waitSeconds: 10 })
    const id = written.state === 'done' ? written.update.id : ''
    expect(await client.draft(eventId, id)).toMatchObject({ version: 1, draft })
    await expect(client.preview(eventId, {})).rejects.toMatchObject({ code: 'invalid-request' })
  })

  it('[SDK29] gives up a preview that nobody waits for any more', async () => {
    const stop = new AbortController()
    const preview = client.preview(eventId, { body: 'a' }, { signal: stop.signal })
    stop.abort(new Error('typed on'))
    await expect(preview).rejects.toThrow('typed on')
  })

  it('[SDK29] reads and changes the settings of an event', async () => {
    expect(await client.normalizationSettings(eventId)).toEqual({ version: 0, settings: DEFAULT_SETTINGS })
    const settings = { off: ['typography' as const], blockedTerms: ['Jane Roe'] }
    const changed = { version: 1, settings: { ...DEFAULT_SETTINGS, ...settings } }
    expect(await client.changeNormalizationSettings(eventId, 0, settings)).toEqual(changed)
    expect(await client.normalizationSettings(eventId)).toEqual(changed)
    await expect(client.changeNormalizationSettings(eventId, 0, {})).rejects.toMatchObject({
      code: 'version-mismatch',
      problem: { version: 1 },
    })
  })

  it('[SDK29] lists what is held, to the last page, releases and discards', async () => {
    const first = await hold('Jane Roe came.')
    const others: number[] = []
    for (let i = 0; i < 101; i++) others.push((await hold(`Jane Roe, ${i}.`)).acceptNumber)
    const all = await client.held(eventId)
    expect(all.map(({ acceptNumber }) => acceptNumber)).toEqual([first.acceptNumber, ...others])

    const released = await client.release(eventId, first.acceptNumber, { waitSeconds: 10 })
    expect(released).toMatchObject({ state: 'done', update: { id: first.updateId, bodyText: 'Jane Roe came.' } })
    const [second = 0] = others
    expect(await client.discard(eventId, second, 'Not hers to say.')).toMatchObject({ state: 'discarded' })
    await expect(client.release(eventId, second)).rejects.toMatchObject({ code: 'not-held' })
    expect(await client.held(eventId)).toHaveLength(100)
  })

  it('[SDK29] releases over a later version only where that is named', async () => {
    const { acceptNumber, updateId } = await hold('Jane Roe left.')
    await client.revise(eventId, updateId, 1, { body: 'She left.' }, { waitSeconds: 10 })
    await expect(client.release(eventId, acceptNumber)).rejects.toMatchObject({ code: 'version-mismatch' })
    const released = await client.release(eventId, acceptNumber, { overVersion: 2, waitSeconds: 10 })
    expect(released).toMatchObject({ update: { version: 3, bodyText: 'Jane Roe left.' } })
  })
})
