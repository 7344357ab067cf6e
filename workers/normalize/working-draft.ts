import type { Author, DraftContent, Embed, Media, Update } from '../../src/protocol/update.ts'
import type { HtmlNode } from './body/html-tree.ts'
import type { UpdateSubmission } from './normalize.ts'

/** An update on its way: what the editor sent, with every default filled in (but authors), beside what the steps have made of it. */
export interface WorkingDraft extends Omit<Update, Fixed> {
  readonly body: string
  readonly bodyFormat: DraftContent['bodyFormat']
  /** The body as a tidy tree, once it has been read: the steps between reading and writing it change this. */
  readonly blocks: readonly HtmlNode[]
}

/** What comes with the submission, or follows from the finished draft: no step decides it. */
type Fixed = 'id' | 'eventId' | 'version' | 'datePublished' | 'dateModified' | 'sortTime' | 'retracted'

/** Before the first step: nothing is cleaned yet, but nothing is missing either. */
export function startDraft(submission: UpdateSubmission): WorkingDraft {
  const { draft } = submission
  return {
    type: 'text',
    body: draft.body ?? '',
    bodyFormat: draft.bodyFormat,
    blocks: [],
    ...(draft.headline === undefined ? {} : { headline: draft.headline }),
    bodyHtml: '',
    bodyText: '',
    happenedAt: draft.happenedAt ?? submission.datePublished,
    isKeyEvent: draft.isKeyEvent ?? false,
    isBreaking: draft.isBreaking ?? false,
    isSummary: draft.isSummary ?? false,
    authors: (draft.authors ?? []).map(toAuthor),
    ...(draft.source === undefined ? {} : { source: draft.source }),
    media: (draft.media ?? []).map(toMedia),
    embeds: (draft.embeds ?? []).map(toEmbed),
    tags: draft.tags ?? [],
    inLanguage: draft.inLanguage ?? submission.inLanguage,
    corrections: submission.corrections,
  }
}

/** After the last step: the fields in the order of the Update schema, and no field that is only undefined. */
export function toUpdate(draft: WorkingDraft, submission: UpdateSubmission): Update {
  const { datePublished, dateModified } = submission
  return {
    id: submission.updateId,
    eventId: submission.eventId,
    version: submission.version,
    type: draft.type,
    ...(draft.headline === undefined ? {} : { headline: draft.headline }),
    ...(draft.headlineDerived === undefined ? {} : { headlineDerived: draft.headlineDerived }),
    bodyHtml: draft.bodyHtml,
    bodyText: draft.bodyText,
    datePublished,
    dateModified,
    happenedAt: draft.happenedAt,
    sortTime: earlierOf(draft.happenedAt, datePublished),
    isKeyEvent: draft.isKeyEvent,
    isBreaking: draft.isBreaking,
    isSummary: draft.isSummary,
    authors: draft.authors,
    ...(draft.source === undefined ? {} : { source: draft.source }),
    media: draft.media,
    embeds: draft.embeds,
    tags: draft.tags,
    inLanguage: draft.inLanguage,
    corrections: draft.corrections,
  }
}

/** Wire times are UTC of one fixed width, so the order of the strings is the order of the times. */
function earlierOf(a: string, b: string): string {
  if (a < b) return a
  return b
}

function toAuthor({ name, role, url }: Author): Author {
  return { name, ...(role === undefined ? {} : { role }), ...(url === undefined ? {} : { url }) }
}

/** Every field that readers may count on, in the order of the schema, and none that is only undefined. */
export function toMedia(media: NonNullable<DraftContent['media']>[number]): Media {
  const { url, width, height, creator, sourceOrganization, datePublished } = media
  return {
    ...(url === undefined ? {} : { url }),
    ...(width === undefined ? {} : { width }),
    ...(height === undefined ? {} : { height }),
    ...(creator === undefined ? {} : { creator }),
    ...(sourceOrganization === undefined ? {} : { sourceOrganization }),
    alt: media.alt ?? '',
    caption: media.caption ?? '',
    creditText: media.creditText ?? '',
    copyrightHolder: media.copyrightHolder ?? '',
    ...(datePublished === undefined ? {} : { datePublished }),
  }
}

function toEmbed({ provider, url, originalId }: NonNullable<DraftContent['embeds']>[number]): Embed {
  return { provider, url: url ?? '', originalId: originalId ?? '' }
}
