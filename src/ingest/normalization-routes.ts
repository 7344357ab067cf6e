import type { RequestHandler } from 'express'
import { uuidv7 } from 'uuidv7'
import { eventClosed } from '../feed/accept-refusal.ts'
import type { DraftReader } from '../feed/draft-reader.ts'
import type { SettingsWriter } from '../feed/normalization-settings.ts'
import { accept } from '../foundation/accept.ts'
import { Refusal } from '../foundation/errors.ts'
import { matchedVersion, versionMismatch } from '../foundation/http/if-match.ts'
import type { TakeRequest } from '../foundation/http/limit-requests.ts'
import { requestIdOf } from '../foundation/http/request-id.ts'
import type { Logger } from '../foundation/logger.ts'
import type { Tokens } from '../foundation/tokens.ts'
import { NormalizationSettings, type SettingsNow } from '../protocol/normalization.ts'
import type { Preview } from '../protocol/preview.ts'
import type { Submission } from '../protocol/submission.ts'
import { UpdateDraft } from '../protocol/update.ts'
import { about } from './about-update.ts'
import { firstDraft } from './plan-update.ts'
import { readAsker } from './write-request.ts'

export interface NormalizationRoutesNeeds {
  readonly tokens: Tokens
  readonly drafts: Pick<DraftReader, 'event'>
  readonly settings: SettingsWriter
  /** What a worker would make of a submission now. Throws the Refusal cannot-normalize. */
  readonly preview: (submission: Extract<Submission, { kind: 'publish' }>) => Promise<Preview>
  readonly takePost: TakeRequest
  /** How often somebody may have something normalized that is not stored. */
  readonly takePreview: TakeRequest
  readonly log: Logger
}

/** GET /v1/events/:eventId/normalization: how the event's updates are cleaned. */
export function getSettings({ tokens, drafts }: NormalizationRoutesNeeds): RequestHandler {
  return async (req, res) => {
    const { eventId } = await readAsker(req, tokens, 'editor')
    const { settings } = await eventNow(drafts, eventId)
    res.set({ ETag: `"${settings.version}"`, 'Cache-Control': 'no-store' }).json(settings)
  }
}

/** PUT /v1/events/:eventId/normalization: counts for what is accepted from now on. Repeating it is harmless. */
export function putSettings({
  tokens,
  drafts,
  settings: writer,
  takePost,
  log,
}: NormalizationRoutesNeeds): RequestHandler {
  return async (req, res) => {
    const { subject, eventId } = await readAsker(req, tokens, 'editor')
    const settings = accept(NormalizationSettings, req.body)
    const [{ settings: before }] = await Promise.all([eventNow(drafts, eventId), takePost(subject.sub, res)])
    const standing = before.version
    const header = req.get('if-match')
    const seen = matchedVersion(header, standing)
    const answer = await writer.put(eventId, settings, header?.trim() === '*' ? undefined : seen)
    if (answer.result === 'event-not-found') throw eventNotFound(eventId)
    if (answer.result === 'event-closed') throw eventClosed(answer.status)
    if (answer.result === 'version-mismatch') throw versionMismatch(answer.version)
    const now: SettingsNow = { version: answer.version, settings }
    log.info({ requestId: requestIdOf(res), eventId, sub: subject.sub, version: now.version }, 'settings were changed')
    res.set({ ETag: `"${now.version}"`, 'Cache-Control': 'no-store' }).json(now)
  }
}

/** POST /v1/events/:eventId/normalize: what would become of an update. Nothing of it is stored. */
export function postPreview({ tokens, drafts, preview, takePreview }: NormalizationRoutesNeeds): RequestHandler {
  return async (req, res) => {
    const asker = await readAsker(req, tokens, 'contributor', 'editor')
    const draft = accept(UpdateDraft, req.body)
    const taken = takePreview(asker.subject.sub, res)
    const [{ event, settings }] = await Promise.all([eventNow(drafts, asker.eventId), taken])
    const now = new Date()
    const who = { ...asker, requestId: requestIdOf(res) }
    const accepted = firstDraft(draft, asker.subject.sub, now)
    const updateId = draft.updateId ?? uuidv7()
    const fields = about(who, { event, settings: settings.settings }, updateId, accepted, now)
    res.set('Cache-Control', 'no-store').json(await preview({ kind: 'publish', ...fields }))
  }
}

async function eventNow(drafts: Pick<DraftReader, 'event'>, eventId: string) {
  const found = await drafts.event(eventId)
  if (found === undefined) throw eventNotFound(eventId)
  return found
}

function eventNotFound(eventId: string): Refusal {
  return new Refusal('event-not-found', `There is no event ${eventId}.`)
}
