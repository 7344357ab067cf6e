import { findNearRepeats } from '../find-near-repeats.ts'
import { sentencesOfBody } from '../sentences-of-body.ts'
import type { NormalizationStep } from '../step.ts'

/** More warnings than this help nobody. */
const MAX_WARNINGS = 20

/**
 * Warns of two sentences that say nearly the same; changes nothing.
 *
 *     'Sputnik goes live as Minister Lavrov ...', 'Sputnik is live as Minister Lavrov ...'   ->  a warning
 */
export const flagNearRepeats: NormalizationStep = {
  name: 'near-repeats',
  apply(draft) {
    const sentences = sentencesOfBody(draft.blocks, draft.inLanguage).flatMap(line => line.sentences)
    const found = findNearRepeats(sentences.map(({ text }) => text)).slice(0, MAX_WARNINGS)
    const notes = found.map(({ first, second }) => ({
      warning: `Two sentences say nearly the same: “${sentences[first]?.text ?? ''}” and “${sentences[second]?.text ?? ''}”`,
    }))
    return { draft, notes }
  },
}
