import type { HtmlNode } from './body/html-tree.ts'
import { linesOf, removeLines, type TextLine } from './body/text-of-blocks.ts'
import { parseCredit, parseSourceTail } from './credits.ts'
import { describeRemoval } from './describe-change.ts'
import type { StepNote } from './step.ts'
import { textKey } from './text-key.ts'
import { toMedia, type WorkingDraft } from './working-draft.ts'

type Picture = WorkingDraft['media'][number]
type Field = 'creditText' | 'caption'

/** Longer lines are text. */
const MAX_LINE_CHARS = 400
/** An update has few pictures; more lines like these are something else. */
const MAX_LINES = 6

interface CreditLine {
  readonly line: TextLine
  readonly field: Field
  /** What a caption line says before its source; '' of a credit. */
  readonly caption: string
}

/**
 * Pure: lines of the body that are a picture's credit, or its caption with its source, go to the picture where there is
 * only one and it lacks them. Otherwise it is not sure whose they are: they stay, with a warning.
 *
 *     one picture, line '© Sputnik / Viktor Tolochko'                ->  its creditText
 *     one picture, line 'Lavrov in Minsk - Sputnik, 1920, 15.12.2023'  ->  its caption
 *     no picture, line 'Photo: Reuters/Jane Doe'                     ->  stays, warned
 */
export function moveCreditLines(draft: WorkingDraft): { readonly draft: WorkingDraft; readonly notes: StepNote[] } {
  const notes: StepNote[] = []
  const moved: TextLine[] = []
  let [picture] = draft.media
  for (const { line, field, caption } of creditLines(draft.blocks)) {
    const stays = whyItStays(draft.media.length, picture, field, caption)
    if (stays === undefined && picture !== undefined) {
      picture = toMedia({ ...picture, [field]: line.text })
      moved.push(line)
      notes.push(describeRemoval('body', line.text, `media/0/${field}: ${line.text}`))
    } else {
      const looksLike = field === 'caption' ? 'caption' : 'credit'
      notes.push({ warning: `“${line.text}” looks like the ${looksLike} of a picture. It stays in the body: ${stays}` })
    }
  }
  if (picture === undefined || moved.length === 0) return { draft, notes }
  return { draft: { ...draft, blocks: removeLines(draft.blocks, moved), media: [picture] }, notes }
}

function creditLines(blocks: readonly HtmlNode[]): CreditLine[] {
  const found: CreditLine[] = []
  for (const line of linesOf(blocks)) {
    if (found.length === MAX_LINES) break
    if (line.within.length !== 1 || line.within[0] !== 'p' || line.text !== line.prose) continue
    if (line.text.length > MAX_LINE_CHARS) continue
    const tail = parseSourceTail(line.text)
    if (tail !== undefined) found.push({ line, field: 'caption', caption: tail.caption })
    else if (parseCredit(line.text) !== undefined) found.push({ line, field: 'creditText', caption: '' })
  }
  return found
}

function whyItStays(pictures: number, picture: Picture | undefined, field: Field, caption: string): string | undefined {
  if (picture === undefined) return 'the update has no picture.'
  if (pictures > 1) return 'the update has more than one picture.'
  const has = picture[field]
  if (has === '' || (field === 'caption' && textKey(has) === textKey(caption))) return undefined
  return `the picture has another ${field === 'caption' ? 'caption' : 'credit'}.`
}
