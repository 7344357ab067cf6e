import type { z } from 'zod'
import type {
  DraftContent,
  EmbedDraft,
  MediaDraft,
  Update,
  UpdateDraft,
  UpdatePatch,
} from '../../src/protocol/update.ts'
import { isMoment, localInputTime } from '../reading/times.ts'
import { providerOf } from './provider-of.ts'

/** What the editor's form holds: what was typed, as it was typed. */
export interface EditorFields {
  readonly body: string
  readonly bodyFormat: 'text' | 'markdown' | 'html'
  readonly headline: string
  /** `2023-12-15T13:05` in the event's zone, or '' for now. */
  readonly happenedAt: string
  readonly isKeyEvent: boolean
  readonly isBreaking: boolean
  readonly isSummary: boolean
  readonly source: string
  readonly mediaUrl: string
  readonly mediaAlt: string
  readonly mediaCaption: string
  readonly mediaCredit: string
  readonly embedUrl: string
  /** Revisions only: a sentence for readers. */
  readonly correction: string
}

export const EMPTY_FIELDS: EditorFields = {
  body: '',
  bodyFormat: 'text',
  headline: '',
  happenedAt: '',
  isKeyEvent: false,
  isBreaking: false,
  isSummary: false,
  source: '',
  mediaUrl: '',
  mediaAlt: '',
  mediaCaption: '',
  mediaCredit: '',
  embedUrl: '',
  correction: '',
}

/** Whether nothing has been typed that would be lost. A chosen format or flag is no text. */
export function isBlank({ bodyFormat: _, ...fields }: EditorFields): boolean {
  return Object.values(fields).every(value => typeof value === 'boolean' || value.trim() === '')
}

/** Pure: the form as a draft to publish. Empty fields are left out. */
export function toDraft(fields: EditorFields): z.input<typeof UpdateDraft> {
  const media = mediaOf(fields, undefined)
  const embed = embedOf(fields)
  return {
    ...(fields.body.trim() === '' ? {} : { body: fields.body, bodyFormat: fields.bodyFormat }),
    ...(fields.headline.trim() === '' ? {} : { headline: fields.headline.trim() }),
    ...(fields.happenedAt === '' ? {} : { happenedAt: fields.happenedAt }),
    ...(fields.isKeyEvent ? { isKeyEvent: true } : {}),
    ...(fields.isBreaking ? { isBreaking: true } : {}),
    ...(fields.isSummary ? { isSummary: true } : {}),
    ...(fields.source.trim() === '' ? {} : { source: fields.source.trim() }),
    ...(media === undefined ? {} : { media: [media] }),
    ...(embed === undefined ? {} : { embeds: [embed] }),
  }
}

/** Pure: what was typed for an update, in the form as it was typed. */
export function fieldsOf(draft: DraftContent, zone: string): EditorFields {
  const media = draft.media?.[0]
  return {
    body: draft.body ?? '',
    bodyFormat: draft.bodyFormat,
    headline: draft.headline ?? '',
    happenedAt: draft.happenedAt === undefined ? '' : localTime(draft.happenedAt, zone),
    isKeyEvent: draft.isKeyEvent ?? false,
    isBreaking: draft.isBreaking ?? false,
    isSummary: draft.isSummary ?? false,
    source: draft.source ?? '',
    mediaUrl: media?.url ?? '',
    mediaAlt: media?.alt ?? '',
    mediaCaption: media?.caption ?? '',
    mediaCredit: media?.creditText ?? '',
    embedUrl: draft.embeds?.[0]?.url ?? '',
    correction: '',
  }
}

/** A local time stands as it was typed, to the minute; a moment is told by the clocks of the event. */
function localTime(typed: string, zone: string): string {
  return isMoment(typed) ? localInputTime(new Date(typed).toISOString(), zone) : typed.toUpperCase().slice(0, 16)
}

/** Pure: a published update as if it had been typed like that: to tell what differs between two of them. */
export function asDraft(update: Update): DraftContent {
  return {
    body: update.bodyHtml,
    bodyFormat: 'html',
    ...(update.headline === undefined || update.headlineDerived === true ? {} : { headline: update.headline }),
    happenedAt: update.happenedAt,
    isKeyEvent: update.isKeyEvent,
    isBreaking: update.isBreaking,
    isSummary: update.isSummary,
    ...(update.source === undefined ? {} : { source: update.source }),
    media: update.media,
    embeds: update.embeds.map(toEmbedDraft),
  }
}

/** Pure: only what the form changed, as a merge patch. What was not touched stays exactly as it was accepted. */
export function toPatch(typed: DraftContent, fields: EditorFields, zone: string): z.input<typeof UpdatePatch> {
  const before = fieldsOf(typed, zone)
  const changed = (...names: (keyof EditorFields)[]) => names.some(name => before[name] !== fields[name])
  const media = mediaOf(fields, typed.media?.[0])
  const embed = embedOf(fields)
  return {
    ...(changed('body', 'bodyFormat') ? { body: orNull(fields.body), bodyFormat: fields.bodyFormat } : {}),
    ...(changed('headline') ? { headline: orNull(fields.headline.trim()) } : {}),
    ...(changed('happenedAt') ? { happenedAt: orNull(fields.happenedAt) } : {}),
    ...(changed('isKeyEvent') ? { isKeyEvent: fields.isKeyEvent } : {}),
    ...(changed('isBreaking') ? { isBreaking: fields.isBreaking } : {}),
    ...(changed('isSummary') ? { isSummary: fields.isSummary } : {}),
    ...(changed('source') ? { source: orNull(fields.source.trim()) } : {}),
    ...(changed('mediaUrl', 'mediaAlt', 'mediaCaption', 'mediaCredit')
      ? { media: [...(media === undefined ? [] : [media]), ...(typed.media ?? []).slice(1)] }
      : {}),
    ...(changed('embedUrl')
      ? { embeds: [...(embed === undefined ? [] : [embed]), ...(typed.embeds ?? []).slice(1)] }
      : {}),
    ...(fields.correction.trim() === '' ? {} : { correction: fields.correction.trim() }),
  }
}

/** Pure: the draft that the form makes of what was typed before: what a preview of the revision is made of. */
export function patchedDraft(
  typed: DraftContent,
  { correction: _, ...patch }: z.input<typeof UpdatePatch>,
): z.input<typeof UpdateDraft> {
  const entries = Object.entries({ ...typed, ...patch }).filter(([, value]) => value !== null && value !== undefined)
  return Object.fromEntries(entries)
}

function orNull(text: string): string | null {
  return text.trim() === '' ? null : text
}

/** The picture of the form. Of the one it was, width, height and origin are kept as long as the address is the same. */
function mediaOf(fields: EditorFields, before: MediaDraft | undefined): z.input<typeof MediaDraft> | undefined {
  const { mediaUrl, mediaAlt, mediaCaption, mediaCredit } = fields
  if ([mediaUrl, mediaAlt, mediaCaption, mediaCredit].every(text => text.trim() === '')) return undefined
  const { url: _, ...kept } = before?.url === mediaUrl.trim() ? before : { url: undefined }
  return {
    ...kept,
    ...(mediaUrl.trim() === '' ? {} : { url: mediaUrl.trim() }),
    alt: mediaAlt.trim(),
    caption: mediaCaption.trim(),
    creditText: mediaCredit.trim(),
  }
}

function embedOf({ embedUrl }: EditorFields): { provider: string; url: string } | undefined {
  const url = embedUrl.trim()
  return url === '' ? undefined : { provider: providerOf(url), url }
}

function toEmbedDraft({ provider, url, originalId }: Update['embeds'][number]): EmbedDraft {
  return { provider, ...(url === '' ? {} : { url }), ...(originalId === '' ? {} : { originalId }) }
}
