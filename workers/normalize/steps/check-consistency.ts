import { placeDoubts } from '../consistency/places.ts'
import { conversionDoubts, countDoubts, unitDoubts } from '../consistency/quantities.ts'
import { spellingDoubts } from '../consistency/spellings.ts'
import { weekdayDoubts } from '../consistency/weekdays.ts'
import type { NormalizationStep } from '../step.ts'

/** A text with more than this wrong is no text: a few are enough to look. */
const MAX_WARNINGS = 8

/**
 * Says what does not fit together, and changes nothing.
 *
 *     caption "Talks in Minsk", text "arrived in Moscow"   ->  "The caption says Minsk, the text says Moscow."
 *     "on Monday, 15 December 2023"                        ->  "2023-12-15 is a Friday, not a Monday."
 *     "Aleinik ... Aleynik"                                ->  "... is that one name, spelled in two ways?"
 *     "5 km (3 kg)", "5 km (5 miles)"                      ->  what is wrong with it
 *     "30 km long ... a road of 30 miles"                  ->  both
 *     headline "12 dead", text "13 dead"                   ->  both
 */
export const checkConsistency: NormalizationStep = {
  name: 'consistency',
  apply(draft, { datePublished }) {
    const { bodyText: text, inLanguage: language, media } = draft
    const captions = media.map(({ caption }) => caption).filter(caption => caption !== '')
    const headline = draft.headlineDerived === true ? '' : (draft.headline ?? '')
    const everything = [headline, text, ...captions].join('\n')
    const doubts = [
      ...placeDoubts(captions, text, language),
      ...weekdayDoubts(everything, { inLanguage: language, near: datePublished }),
      ...spellingDoubts([text, ...captions].join('\n'), language),
      ...conversionDoubts(everything, language),
      ...unitDoubts(everything),
      ...countDoubts(headline, text),
    ]
    return { draft, notes: [...new Set(doubts)].slice(0, MAX_WARNINGS).map(warning => ({ warning })) }
  },
}
