import type { Author, Embed, Media } from '../../../src/protocol/update.ts'
import { describeChange } from '../describe-change.ts'
import type { NormalizationStep, StepContext, StepNote } from '../step.ts'
import { cleanControls, cleanLine, cleanProse } from '../text-cleaning.ts'
import type { WorkingDraft } from '../working-draft.ts'

/** As in the schemas of Author and Media, which hold for readers too. */
const MAX_NAME = 200
const MAX_CREDIT = 300

/**
 * Unicode NFC, white space and invisible characters in everything that people typed.
 *
 *     headline  'Talks\u00a0 begin '  ->  'Talks begin'
 *     body      'one\r\n\r\n\r\ntwo'  ->  'one\n\ntwo'
 *     source    'Reu\u200bters\u202e'   ->  'Reuters'
 *     tags      ['', ' Moscow ']      ->  ['Moscow']
 *     authors   [] or nameless ones   ->  the token's name
 *
 * A Markdown or HTML body only loses control characters here: its spaces mean something until it is rendered, and NFC
 * could join the end of a tag with a combining mark. The rest is cleaned in its text, when it is rendered.
 */
export const cleanCharactersStep: NormalizationStep = {
  name: 'characters',
  apply(draft, { subject }) {
    const notes: StepNote[] = []
    /** Cleans one field and writes down what that changed. */
    const clean = (field: string, text: string, cleaner: (text: string) => string) => {
      const cleaned = cleaner(text)
      notes.push(...describeChange(field, text, cleaned))
      return cleaned
    }
    const line = (field: string, text: string, maxLength?: number) =>
      clean(field, text, value => cleanLine(value, maxLength))

    const named = draft.authors
      .map((author, i) => cleanAuthor(author, (field, text) => line(`authors/${i}/${field}`, text, MAX_NAME)))
      .filter(author => author.name !== '')
    const fallback = nameOf(subject)
    const cleaned: WorkingDraft = {
      ...draft,
      body: clean('body', draft.body, draft.bodyFormat === 'text' ? cleanProse : cleanControls),
      authors: named.length > 0 || fallback === '' ? named : [{ name: fallback }],
      media: draft.media.map((media, i) =>
        cleanMedia(media, (field, text, maxLength) => line(`media/${i}/${field}`, text, maxLength)),
      ),
      embeds: draft.embeds.map((embed, i) => cleanEmbed(embed, (field, text) => line(`embeds/${i}/${field}`, text))),
      tags: draft.tags.map((tag, i) => line(`tags/${i}`, tag)).filter(tag => tag !== ''),
      corrections: draft.corrections.map((correction, i) => ({
        ...correction,
        text: line(`corrections/${i}`, correction.text),
      })),
    }
    const withHeadline = replaceLine(cleaned, 'headline', line)
    return { draft: replaceLine(withHeadline, 'source', line), notes }
  },
}

/** Tokens are not held to the limits of an author's name. */
function nameOf({ name }: StepContext['subject']): string {
  return cleanLine(name, MAX_NAME)
    .slice(0, MAX_NAME)
    .replace(/\p{Surrogate}/gu, '')
    .trim()
}

type CleanField = (field: string, text: string, maxLength?: number) => string

/** A line that is empty once it is clean is absent. */
function replaceLine(draft: WorkingDraft, field: 'headline' | 'source', clean: CleanField): WorkingDraft {
  const { [field]: text, ...rest } = draft
  if (text === undefined) return draft
  const cleaned = clean(field, text)
  return cleaned === '' ? rest : { ...draft, [field]: cleaned }
}

function cleanAuthor(author: Author, clean: CleanField): Author {
  const { role: typedRole, ...rest } = author
  const name = clean('name', author.name)
  const role = typedRole === undefined ? '' : clean('role', typedRole)
  return role === '' ? { ...rest, name } : { ...author, name, role }
}

function cleanMedia(media: Media, clean: CleanField): Media {
  const { creator, sourceOrganization } = media
  return {
    ...media,
    ...(creator === undefined ? {} : { creator: clean('creator', creator, MAX_CREDIT) }),
    ...(sourceOrganization === undefined
      ? {}
      : { sourceOrganization: clean('sourceOrganization', sourceOrganization, MAX_CREDIT) }),
    alt: clean('alt', media.alt),
    caption: clean('caption', media.caption),
    creditText: clean('creditText', media.creditText),
    copyrightHolder: clean('copyrightHolder', media.copyrightHolder),
  }
}

function cleanEmbed(embed: Embed, clean: CleanField): Embed {
  return {
    ...embed,
    provider: clean('provider', embed.provider),
    originalId: clean('originalId', embed.originalId),
  }
}
