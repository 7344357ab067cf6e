import { changeBodyText } from '../change-text.ts'
import { findGluedSentences } from '../find-glued-sentences.ts'
import type { NormalizationStep } from '../step.ts'

/**
 * Puts the space that is missing between two sentences, where that is sure.
 *
 *     'in Moscow.Russian Foreign'         ->  'in Moscow. Russian Foreign'
 *     'not be ignored.”The meeting'       ->  'not be ignored.” The meeting'
 *     'U.S.', 'No.5', 'Node.js', '3.30pm'  ->  as they are
 */
export const spaceSentences: NormalizationStep = {
  name: 'sentence-spacing',
  apply(draft) {
    return changeBodyText(draft, ({ prose }) =>
      findGluedSentences(prose).map(place => ({ start: place, end: place, text: ' ' })),
    )
  },
}
