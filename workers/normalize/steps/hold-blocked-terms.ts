import { prepareTerms, searchable } from '../blocked-terms.ts'
import type { HtmlNode } from '../body/html-tree.ts'
import type { NormalizationStep, StepContext } from '../step.ts'
import type { WorkingDraft } from '../working-draft.ts'

const MAX_NAMED = 5

/**
 * Holds a submission for an editor when it has one of the event's blocked terms anywhere: as it was typed (what a step
 * removed may be the point), or as readers would get it (what markup hides is not there). Nothing is changed.
 *
 *     terms ['Sergéi Aleinik'], caption 'SERGEI ALEINIK in Minsk'  ->  held: Has the blocked term "Sergéi Aleinik" (media/0/caption).
 *     terms ['lein'], body 'Aleinik arrived'                       ->  not held: it is no word there
 *     released by an editor                                        ->  not held
 */
export const holdBlockedTerms: NormalizationStep = {
  name: 'blocked-terms',
  apply(draft, context) {
    const { blockedTerms } = context.settings
    if (blockedTerms.length === 0 || context.released === true) return { draft, notes: [] }
    const terms = prepareTerms(blockedTerms)
    const found = new Map<string, string>()
    const seen = new Set<string>()
    for (const [field, text] of [...typedFields(context), ...cleanedFields(draft)]) {
      if (seen.has(text)) continue
      seen.add(text)
      const searched = searchable(text)
      for (const { term, isIn } of terms) if (!found.has(term) && isIn(searched)) found.set(term, field)
    }
    if (found.size === 0) return { draft, notes: [] }
    const named = [...found].slice(0, MAX_NAMED).map(([term, field]) => `"${term}" (${field})`)
    const more = found.size > MAX_NAMED ? ` and ${found.size - MAX_NAMED} more` : ''
    const hold = `Has the blocked term${found.size > 1 ? 's' : ''} ${named.join(', ')}${more}.`
    return { draft, notes: [], hold }
  },
}

type Field = readonly [name: string, text: string]

/** Everything in the draft that somebody typed. */
function typedFields({ draft }: StepContext): Field[] {
  return stringsIn(draft, '').filter(([field]) => !IS_SETTING.test(field))
}

const IS_SETTING = /^(?:bodyFormat|inLanguage|keepAsTyped)/

function stringsIn(value: unknown, field: string): Field[] {
  if (typeof value === 'string') return [[field, value]]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, part]) => stringsIn(part, field === '' ? name : `${field}/${name}`))
}

function cleanedFields({
  headline,
  bodyText,
  blocks,
  authors,
  source,
  media,
  embeds,
  tags,
  corrections,
}: WorkingDraft): Field[] {
  const addresses = addressesIn(blocks).join(' ')
  const fields = { headline, body: bodyText, links: addresses, authors, source, media, embeds, tags, corrections }
  return stringsIn(fields, '')
}

/** Addresses and titles, which readers see when they point at something. */
function addressesIn(nodes: readonly HtmlNode[]): string[] {
  return nodes.flatMap(node =>
    node.kind === 'text' ? [] : [...Object.values(node.attributes), ...addressesIn(node.children)],
  )
}
