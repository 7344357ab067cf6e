import { linesOf } from '../body/text-of-blocks.ts'
import { isPageChrome } from '../page-chrome.ts'
import type { NormalizationStep } from '../step.ts'

/** More warnings than this help nobody. */
const MAX_WARNINGS = 20

/**
 * Warns of lines that were copied from the page around a text; changes nothing.
 *
 *     'Go to the mediabank'   ->  a warning
 *     'Read more'             ->  a warning
 */
export const flagPageChrome: NormalizationStep = {
  name: 'page-chrome',
  apply(draft) {
    const found = linesOf(draft.blocks).filter(({ text }) => isPageChrome(text))
    const notes = found.slice(0, MAX_WARNINGS).map(({ text }) => ({
      warning: `This looks like a part of a page, not of the text: “${text}”`,
    }))
    return { draft, notes }
  },
}
