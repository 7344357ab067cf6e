import { MASK } from '../body/masked-text.ts'
import { runsOf } from '../body/text-of-blocks.ts'
import { areAlike, hasTwin, isPlainly, languageOf } from '../language-of.ts'
import type { NormalizationStep } from '../step.ts'
import type { WorkingDraft } from '../working-draft.ts'

/**
 * The language of the text, where the editor named none and it is plainly another one than the event's. Pages set its
 * direction by it, and later steps its typography.
 *
 *     "Министр прибыл в Москву на переговоры с коллегой." in an event in en  ->  inLanguage ru
 *     "Hola", "LIVE: Lavrov, Aleinik", mixed texts                            ->  the event's
 *     Danish in a Norwegian event, Serbian in a Croatian one                  ->  the event's
 *     what may be Malay or Indonesian in an event in en                       ->  the event's, with a warning
 */
export const findLanguage: NormalizationStep = {
  name: 'language',
  apply(draft, { languageGiven }) {
    const unchanged = { draft, notes: [] }
    if (languageGiven) return unchanged
    const own = draft.inLanguage.split('-', 1)[0]?.toLowerCase() ?? ''
    const words = wordsOf(draft)
    if (isPlainly(own, words)) return unchanged
    const guess = languageOf(words)
    if (guess === undefined || areAlike(guess.language, own)) return unchanged
    if (guess.confidence - (guess.scores[own] ?? 0) < MIN_LEAD_OVER_EVENT) return unchanged
    const confidence = guess.confidence.toFixed(2)
    if (hasTwin(guess.language)) {
      const name = new Intl.DisplayNames('en', { type: 'language' }).of(guess.language) ?? guess.language
      const warning = `The text looks like ${name} or a language close to it (confidence ${confidence}): name it, if so.`
      return { draft, notes: [{ warning }] }
    }
    return {
      draft: { ...draft, inLanguage: guess.language },
      notes: [
        {
          before: `inLanguage: ${draft.inLanguage}`,
          after: `inLanguage: ${guess.language} (confidence ${confidence})`,
        },
      ],
    }
  },
}

const MIN_LEAD_OVER_EVENT = 0.03

/** The prose of the body, without code and addresses. */
function wordsOf({ blocks }: WorkingDraft): string {
  return runsOf(blocks)
    .map(({ prose }) => prose)
    .join('\n')
    .replaceAll(MASK, '')
}
