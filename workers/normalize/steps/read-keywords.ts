import type { HtmlNode } from '../body/html-tree.ts'
import { linesOf, removeLines, runsOf, type TextLine } from '../body/text-of-blocks.ts'
import { describeRemoval } from '../describe-change.ts'
import { isKeywordLine, keywordsOf } from '../keywords.ts'
import type { NormalizationStep, StepNote } from '../step.ts'

const MAX_TAGS = 50
const MAX_TAG_CHARS = 100

/**
 * Tags from what is written for machines: a lower-case comma line (which leaves the body), written as the text writes
 * them, and hashtags (which stay).
 *
 *     'Sergey Aleinik arrived.' and the line 'sergey aleinik, minsk'  ->  tags Sergey Aleinik, minsk
 *     'Arrived in #Moscow'                                            ->  tag Moscow
 *
 * It is a line of keywords only when the text spells at least half of them with other letters, as it does names;
 * otherwise it may be a sentence, and stays.
 */
export const readKeywords: NormalizationStep = {
  name: 'keywords',
  takesAway: true,
  apply(draft) {
    const found = keywordLines(draft.blocks)
    const sure = found.filter(({ isSure }) => isSure)
    const notes: StepNote[] = found.map(({ line, keywords, isSure }) => {
      if (isSure) return describeRemoval('body', line.text, `tags: ${keywords.join(', ')}`)
      return {
        warning: `"${line.text}" looks like a line of keywords. It stays in the body, because the text has few of them.`,
      }
    })
    const blocks = removeLines(
      draft.blocks,
      sure.map(({ line }) => line),
    )
    const keywords = sure.flatMap(line => line.keywords)
    const hashtags = hashtagsIn(blocks)
    const tags = addTags(addTags(draft.tags, keywords), hashtags)
    const added = tags.slice(draft.tags.length).filter(tag => !keywords.includes(tag))
    if (added.length > 0) notes.push({ before: `tags: ${draft.tags.join(', ')}`, after: `tags: ${tags.join(', ')}` })
    return { draft: { ...draft, blocks, tags }, notes }
  },
}

interface KeywordLine {
  readonly line: TextLine
  readonly keywords: readonly string[]
  readonly isSure: boolean
}

/** The lines of a body that are keywords, or look like it and have at least one of the text's names. */
export function keywordLines(blocks: readonly HtmlNode[]): KeywordLine[] {
  const lines = linesOf(blocks)
  const isCandidate = ({ within, text, prose }: TextLine) =>
    within.length === 1 && within[0] === 'p' && text === prose && isKeywordLine(text)
  const candidates = lines.filter(isCandidate)
  if (candidates.length === 0 || candidates.length === lines.length) return []
  const text = lines
    .filter(line => !candidates.includes(line))
    .map(line => line.text)
    .join('\n')
  return candidates.slice(0, MAX_LINES).flatMap(line => {
    const keywords = keywordsOf(line.text, text).map(keyword => keyword.slice(0, MAX_TAG_CHARS))
    const names = keywords.filter(keyword => keyword !== keyword.toLowerCase()).length
    return names === 0 ? [] : [{ line, keywords, isSure: names * 2 >= keywords.length }]
  })
}

/** An update has one such line, if any; many of them are something else. */
const MAX_LINES = 3

const HASHTAG = /(?<![\p{L}\p{M}\p{N}_&/#])#([\p{L}\p{N}_][\p{L}\p{M}\p{N}_]*)/gu
const COLOUR = /^(?=.*\d)(?:[\da-f]{3}|[\da-f]{6})$/i

/** In reading order, without `#`. Not in code, nor in addresses; `#1` is a number, and `#1a2b3c` a colour. */
function hashtagsIn(blocks: readonly HtmlNode[]): string[] {
  return runsOf(blocks).flatMap(({ prose }) => {
    if (!prose.includes('#')) return []
    return [...prose.matchAll(HASHTAG)]
      .map(([, tag = '']) => tag)
      .filter(tag => /\p{L}/u.test(tag) && tag.length <= MAX_TAG_CHARS && !COLOUR.test(tag))
  })
}

function addTags(tags: readonly string[], more: readonly string[]): string[] {
  const all = [...tags]
  const known = new Set(tags.map(tag => tag.replace(/^#/, '').toLowerCase()))
  for (const tag of more) {
    if (all.length >= MAX_TAGS) break
    if (known.has(tag.toLowerCase())) continue
    known.add(tag.toLowerCase())
    all.push(tag)
  }
  return all
}
