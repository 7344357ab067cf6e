import { maskAddresses } from '../body/masked-text.ts'
import { applyEdits, changeBodyText } from '../change-text.ts'
import { describeChange } from '../describe-change.ts'
import type { NormalizationStep, StepNote } from '../step.ts'
import { setFrenchSpaces } from '../typography/french-spaces.ts'
import { type Marks, marksOf } from '../typography/marks-by-language.ts'
import { setMarks } from '../typography/set-marks.ts'

/**
 * Quotation marks, apostrophes, dashes, ellipses and French spaces as the update's language sets them, in body, headline
 * and captions; never in code or addresses. What is set already, or cannot be told for sure, stays.
 *
 *     en  "It's over" - he said...     ->  “It’s over” – he said…
 *     de  "Es ist 'aus'"               ->  „Es ist ‚aus‘“
 *     fr  "C'est fini !"               ->  « C’est fini ! », with narrow no-break spaces
 *     ru  "Всё" - сказал он            ->  «Всё» — сказал он
 *     en  6' 2", '90s, rock 'n' roll   ->  6' 2", ’90s, rock ’n’ roll
 */
export const setTypography: NormalizationStep = {
  name: 'typography',
  apply(draft) {
    const marks = marksOf(draft.inLanguage)
    if (marks === undefined) return { draft, notes: [] }
    const isFrench = /^fr(?:-|$)/i.test(draft.inLanguage)
    const marked = changeBodyText(draft, ({ prose }) => setMarks(prose, marks))
    const spaced = isFrench
      ? changeBodyText(marked.draft, ({ prose }) => setFrenchSpaces(prose, draft.inLanguage))
      : { draft: marked.draft, notes: [] }
    const notes: StepNote[] = [...marked.notes, ...spaced.notes]
    const setLine = (field: string, text: string): string => {
      const set = setText(text, marks, isFrench ? draft.inLanguage : undefined)
      notes.push(...describeChange(field, text, set))
      return set
    }
    const { headline } = draft
    const media = draft.media.map((item, i) => ({ ...item, caption: setLine(`media/${i}/caption`, item.caption) }))
    const lines = { media, ...(headline === undefined ? {} : { headline: setLine('headline', headline) }) }
    return { draft: notes.length === 0 ? draft : { ...spaced.draft, ...lines }, notes }
  },
}

function setText(text: string, marks: Marks, french: string | undefined): string {
  const marked = applyEdits(text, setMarks(maskAddresses(text), marks))
  return french === undefined ? marked : applyEdits(marked, setFrenchSpaces(maskAddresses(marked), french))
}
