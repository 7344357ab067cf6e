import type { z } from 'zod'
import type { ProblemError } from '../../src/protocol/problems.ts'
import type { DraftContent, Update, UpdateDraft, UpdatePatch } from '../../src/protocol/update.ts'
import {
  asDraft,
  type EditorFields,
  EMPTY_FIELDS,
  fieldsOf,
  isBlank,
  patchedDraft,
  toDraft,
  toPatch,
} from './editor-fields.ts'

/** The update that is being revised, as it was when it was taken into the editor. */
export interface Revised {
  /** As readers saw it. */
  readonly update: Update
  /** What was typed for it last, and the version of that: it may be ahead of what readers saw. */
  readonly typed: DraftContent
  readonly version: number
}

/** What stands in the editor: a new update, or the revision of one. */
export interface Draft {
  readonly fields: EditorFields
  readonly revises?: Revised
  /** What was wrong with it when it was sent last. */
  readonly errors?: readonly ProblemError[]
}

export const EMPTY_DRAFT: Draft = { fields: EMPTY_FIELDS }

export function draftOf(revised: Revised, zone: string): Draft {
  return { fields: fieldsOf(revised.typed, zone), revises: revised }
}

/** Whether the editor can be filled with something else without losing words. */
export function isUntouched({ fields, revises }: Draft, zone: string): boolean {
  return revises === undefined ? isBlank(fields) : Object.keys(toPatch(revises.typed, fields, zone)).length === 0
}

/** Pure: the whole draft that is in the editor, as it would be published; undefined when there is nothing to publish. */
export function wholeDraft({ fields, revises }: Draft, zone: string): z.input<typeof UpdateDraft> | undefined {
  if (revises === undefined) return isBlank(fields) ? undefined : toDraft(fields)
  return { ...patchedDraft(revises.typed, toPatch(revises.typed, fields, zone)), updateId: revises.update.id }
}

export interface Revision {
  readonly version: number
  readonly patch: z.input<typeof UpdatePatch>
}

/**
 * Pure: what to send for a revision. When the update changed meanwhile, but nothing that this revision changes
 * (somebody marked it a key event), it is based on the version now; else on its own, and the server refuses it.
 */
export function revisionOf(base: Revised, now: Update | undefined, fields: EditorFields, zone: string): Revision {
  const patch = toPatch(base.typed, fields, zone)
  if (now === undefined || now.version <= base.version) return { version: base.version, patch }
  const changedMeanwhile = Object.keys(toPatch(asDraft(base.update), fieldsOf(asDraft(now), zone), zone))
  const clashes = changedMeanwhile.some(name => Object.hasOwn(patch, name))
  return { version: clashes ? base.version : now.version, patch }
}
