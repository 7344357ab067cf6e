import type { RequestHandler } from 'express'
import { uuidv7 } from 'uuidv7'
import { AcceptedUpdate, readAccepted } from '../feed/accepted-drafts.ts'
import { EVENT_FIELDS, eventOf } from '../feed/event-now.ts'
import { accept } from '../foundation/accept.ts'
import { Refusal } from '../foundation/errors.ts'
import { matchedVersion, versionMismatch } from '../foundation/http/if-match.ts'
import { hasRole, type Tokens } from '../foundation/tokens.ts'
import type { Submission } from '../protocol/submission.ts'
import { Retraction, UpdateDraft, UpdateId, UpdatePatch } from '../protocol/update.ts'
import { about } from './about-update.ts'
import { firstDraft, retractedDraft, revisedDraft } from './plan-update.ts'
import type { Submit } from './submit.ts'
import { readWrite, type WriteRequest } from './write-request.ts'

export interface UpdateRoutesNeeds {
  readonly tokens: Tokens
  readonly submit: Submit
}

/** POST /v1/events/:eventId/updates: publish. */
export function postUpdate({ tokens, submit }: UpdateRoutesNeeds): RequestHandler {
  return async (req, res) => {
    const write = await readWrite(req, res, tokens, UpdateDraft, 'contributor', 'editor')
    const draft = write.body
    const updateId = draft.updateId ?? uuidv7()
    const plan = (drafts: readonly (string | null)[], now: Date) => {
      const event = eventOf(write, drafts)
      const accepted = firstDraft(draft, write.subject.sub, now)
      return {
        request: {
          submission: { kind: 'publish' as const, ...about(write, event, updateId, accepted, now) },
          draft: accepted,
          expectedVersion: 0,
        },
        reply: { updateId },
      }
    }
    await submit(write, res, EVENT_FIELDS, plan, 201)
  }
}

/** PATCH /v1/events/:eventId/updates/:updateId: revise. */
export function patchUpdate({ tokens, submit }: UpdateRoutesNeeds): RequestHandler {
  return async (req, res) => {
    const write = await readWrite(req, res, tokens, UpdatePatch, 'contributor', 'editor')
    const updateId = accept(UpdateId, req.params['updateId'])
    const patch = write.body
    const plan = (drafts: readonly (string | null)[], now: Date) => {
      const event = eventOf(write, drafts)
      const current = changeable(write, drafts[2])
      const accepted = revisedDraft(current, patch, now)
      return {
        request: {
          submission: { kind: 'revise' as const, ...about(write, event, updateId, accepted, now) },
          draft: accepted,
          expectedVersion: current.version,
        },
        reply: { updateId, version: accepted.version },
      }
    }
    await submit(write, res, [...EVENT_FIELDS, updateId], plan, 200)
  }
}

/** DELETE /v1/events/:eventId/updates/:updateId: retract, leaving a tombstone. */
export function deleteUpdate({ tokens, submit }: UpdateRoutesNeeds): RequestHandler {
  return async (req, res) => {
    const write = await readWrite(req, res, tokens, Retraction.default({}), 'contributor', 'editor')
    const updateId = accept(UpdateId, req.params['updateId'])
    const { reason } = write.body
    const plan = (drafts: readonly (string | null)[], now: Date) => {
      const event = eventOf(write, drafts)
      const current = changeable(write, drafts[2])
      const accepted = retractedDraft(current)
      const submission: Submission = {
        ...{ kind: 'retract', ...about(write, event, updateId, accepted, now) },
        ...(reason === undefined ? {} : { reason }),
      }
      return {
        request: { submission, draft: accepted, expectedVersion: current.version },
        reply: { updateId, version: accepted.version },
      }
    }
    await submit(write, res, [...EVENT_FIELDS, updateId], plan, 200)
  }
}

/** The update as last accepted, when this editor may change it and saw the version that stands now. */
function changeable({ subject, ifMatch }: WriteRequest, json: string | null | undefined): AcceptedUpdate {
  const current = readAccepted(AcceptedUpdate, json)
  if (current === undefined) throw new Refusal('update-not-found', 'There is no such update in this event.')
  if (!hasRole(subject, 'editor') && current.sub !== subject.sub) {
    throw new Refusal('not-allowed', 'A contributor may change only updates of their own.')
  }
  const seen = matchedVersion(ifMatch, current.version)
  if (current.retracted) throw new Refusal('update-retracted', 'A retracted update takes no more changes.')
  if (seen !== current.version) throw versionMismatch(current.version)
  return current
}
