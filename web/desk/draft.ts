import type { z } from 'zod'
import type { ProblemError } from '../../src/protocol/problems.ts'
import type { Update, UpdatePatch } from '../../src/protocol/update.ts'
import { type EditorFields, EMPTY_FIELDS, fieldsOf, isBlank, toPatch } from './editor-fields.ts'

/** What stands in the editor: a new update, or the revision of one. */
export interface Draft {
  readonly fields: EditorFields
  /** The published update that is being revised, as it was when it was taken into the editor. */
  readonly revises?: Update
  /** What was wrong with it when it was sent last. */
  readonly errors?: readonly ProblemError[]
}

export const EMPTY_DRAFT: Draft = { fields: EMPTY_FIELDS }

export function draftOf(update: Update, zone: string): Draft {
  return { fields: fieldsOf(update, zone), revises: update }
}

/** Whether the editor can be filled with something else without losing words. */
export function isUntouched({ fields, revises }: Draft, zone: string): boolean {
  return revises === undefined ? isBlank(fields) : Object.keys(toPatch(revises, fields, zone)).length === 0
}

export interface Revision {
  readonly version: number
  readonly patch: z.input<typeof UpdatePatch>
}

/**
 * Pure: what to send for a revision. When the update changed meanwhile, but nothing that this revision changes
 * (somebody marked it a key event), it is based on the version now; else on its own, and the server refuses it.
 */
export function revisionOf(base: Update, now: Update | undefined, fields: EditorFields, zone: string): Revision {
  const patch = toPatch(base, fields, zone)
  if (now === undefined || now.version <= base.version) return { version: base.version, patch }
  const changedMeanwhile = Object.keys(toPatch(base, fieldsOf(now, zone), zone))
  const clashes = changedMeanwhile.some(name => Object.hasOwn(patch, name))
  return { version: clashes ? base.version : now.version, patch }
}
