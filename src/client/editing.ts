import type { z } from 'zod'
import type { ArticleImport, ArticleInput } from '../protocol/article.ts'
import type { Discarded, HeldDecision, HeldPage, HeldSubmission } from '../protocol/held.ts'
import type { NormalizationSettings, SettingsNow } from '../protocol/normalization.ts'
import type { Preview, TypedDraft } from '../protocol/preview.ts'
import type { UpdateDraft } from '../protocol/update.ts'
import type { Http, WriteRequest } from './http.ts'
import { at, EVENTS } from './paths.ts'
import type { WriteOptions, Written } from './types.ts'

/** What those who edit see, switch and decide, beside what they publish. */
export interface Editing {
  /** What would become of a draft. Nothing is stored, and it is asked once. */
  preview(
    eventId: string,
    draft: z.input<typeof UpdateDraft>,
    options?: { readonly signal?: AbortSignal },
  ): Promise<Preview>
  /** What was typed last for an update, its version, and what was done to what is published. */
  draft(eventId: string, updateId: string, options?: { readonly signal?: AbortSignal }): Promise<TypedDraft>
  /** How an event's updates are cleaned. */
  normalizationSettings(eventId: string): Promise<SettingsNow>
  /** `version` is the one that was seen: 0 when nobody has changed them yet. */
  changeNormalizationSettings(
    eventId: string,
    version: number,
    settings: z.input<typeof NormalizationSettings>,
    options?: WriteOptions,
  ): Promise<SettingsNow>
  /** All that waits for an editor, oldest first. */
  held(eventId: string): Promise<HeldSubmission[]>
  /** `overVersion` names what was accepted of the update since, where the held text is to go over that. */
  release(
    eventId: string,
    acceptNumber: number,
    options?: WriteOptions & { readonly overVersion?: number },
  ): Promise<Written>
  discard(eventId: string, acceptNumber: number, reason: string, options?: WriteOptions): Promise<Discarded>
  /** A pasted page as the draft of an event and its updates. Nothing is stored. */
  importArticle(input: z.input<typeof ArticleInput>): Promise<ArticleImport>
}

export interface EditingNeeds {
  readonly http: Http
  submitUpdate(request: WriteRequest, options: WriteOptions | undefined): Promise<Written>
}

export function createEditing({ http, submitUpdate }: EditingNeeds): Editing {
  const decide = (eventId: string, acceptNumber: number, body: HeldDecision) => ({
    ...{ method: 'POST' as const, path: at(eventId, 'held', String(acceptNumber)), body },
  })
  return {
    async preview(eventId, draft, { signal } = {}) {
      return (await http.read(at(eventId, 'normalize'), { question: draft, signal })).body as Preview
    },
    async draft(eventId, updateId, { signal } = {}) {
      const path = at(eventId, 'updates', encodeURIComponent(updateId), 'draft')
      return (await http.read(path, { signal })).body as TypedDraft
    },
    async normalizationSettings(eventId) {
      return (await http.read(at(eventId, 'normalization'))).body as SettingsNow
    },
    async changeNormalizationSettings(eventId, version, body, options) {
      const request = { method: 'PUT', path: at(eventId, 'normalization'), version, body } as const
      return (await http.write(request, options)).body as SettingsNow
    },
    async held(eventId) {
      const all: HeldSubmission[] = []
      for (;;) {
        const after = all.at(-1)?.acceptNumber ?? 0
        const page = (await http.read(`${at(eventId, 'held')}?limit=100&after=${after}`)).body as HeldPage
        all.push(...page.held)
        if (page.complete || page.held.length === 0) return all
      }
    },
    release(eventId, acceptNumber, options) {
      const version = options?.overVersion
      const request = decide(eventId, acceptNumber, { action: 'release' })
      return submitUpdate(version === undefined ? request : { ...request, version }, options)
    },
    async discard(eventId, acceptNumber, reason, options) {
      const request = decide(eventId, acceptNumber, { action: 'discard', reason })
      return (await http.write(request, options)).body as Discarded
    },
    async importArticle(input) {
      return (await http.read(`${EVENTS}/import`, { question: input })).body as ArticleImport
    },
  }
}
