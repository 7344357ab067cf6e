import { linesOf, linksOf, removeLines, runsOf, type TextLine } from '../body/text-of-blocks.ts'
import { describeRemoval } from '../describe-change.ts'
import { type ComparedLine, findRepeats, type Repeat } from '../find-repeats.ts'
import type { NormalizationStep, StepNote } from '../step.ts'
import { textKey } from '../text-key.ts'
import type { WorkingDraft } from '../working-draft.ts'

/**
 * What a body says twice it says once: a line that repeats an earlier one (or the headline) goes, and so does a paragraph
 * that runs the sentences of other lines together. Quotations, lists and tables may repeat themselves.
 *
 *     'Lavrov talks to media' three times                         ->  once
 *     'They met in Moscow.He left.', 'They met in Moscow.', ...   ->  the single sentences
 *     'I do not recall.' twice                                    ->  stays, with a warning
 */
export const dropRepeats: NormalizationStep = {
  name: 'repeats',
  takesAway: true,
  apply(draft) {
    const all = linesOf(draft.blocks)
    const lines = all.filter(isPlainLine)
    const links = linksByLine(draft, lines)
    const found = findRepeats(lines.map(({ text }, i): ComparedLine => ({ text, links: links[i] ?? [] })))
    const sure = found.filter(repeat => repeat.sure).map(({ line }) => line)
    const title = repeatedHeadline(draft, lines, links, sure.length === 0 ? all.length : all.length - sure.length)
    const removed = new Set(title === undefined ? sure : [...sure, title])
    if (removed.size === 0 && found.length === 0) return { draft, notes: [] }
    const gone = lines.filter((_, i) => removed.has(i))
    const notes: StepNote[] = gone.map(({ text }) => describeRemoval('body', text))
    const blocks = gone.length === 0 ? draft.blocks : removeLines(draft.blocks, gone)
    return { draft: { ...draft, blocks }, notes: [...notes, ...warnings(found, lines)] }
  },
}

const PLAIN = new Set(['p', 'h2', 'h3', 'h4'])

function isPlainLine({ within }: TextLine): boolean {
  return within.every(name => PLAIN.has(name))
}

function linksByLine({ blocks }: WorkingDraft, lines: readonly TextLine[]): string[][] {
  const links = runsOf(blocks).map(linksOf)
  return lines.map(({ run, start, end }) => {
    const own = links[run] ?? []
    return own.length === 0 ? [] : own.filter(link => link.start < end && link.end > start).map(({ href }) => href)
  })
}

/** Index of the first line, where it is the headline over again and not all there is. */
function repeatedHeadline(
  { headline }: WorkingDraft,
  lines: readonly TextLine[],
  links: readonly (readonly string[])[],
  linesLeft: number,
): number | undefined {
  const [first] = lines
  if (headline === undefined || first === undefined || linesLeft < 2 || (links[0]?.length ?? 0) > 0) return undefined
  return textKey(first.text) === textKey(headline) ? 0 : undefined
}

function warnings(found: readonly Repeat[], lines: readonly TextLine[]): StepNote[] {
  return found
    .filter(({ sure }) => !sure)
    .map(({ line }) => ({ warning: `It stands here more than once: “${lines[line]?.text ?? ''}”` }))
}
