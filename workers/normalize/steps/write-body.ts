import { keepSafe } from '../body/html-policy.ts'
import { writeHtml } from '../body/html-tree.ts'
import { tidyTree } from '../body/tidy-tree.ts'
import { readText } from '../body/tree-text.ts'
import type { NormalizationStep } from '../step.ts'

/**
 * What the steps have made of the body, as safe HTML and as plain text.
 *
 *     <p>a &lt; b<br>c</p>                 ->  a < b / c
 *     <p>a</p><p><strong>b</strong></p>    ->  a / b
 */
export const writeBody: NormalizationStep = {
  name: 'html',
  apply(draft) {
    const blocks = tidyTree(draft.blocks)
    const bodyText = readText(blocks)
    const emptied = bodyText === '' && draft.body.trim() !== '' && draft.embeds.length + draft.media.length === 0
    return {
      draft: { ...draft, blocks, bodyHtml: keepSafe(writeHtml(blocks)), bodyText },
      notes: emptied ? [{ warning: 'Nothing in the body can be shown to readers.' }] : [],
    }
  },
}
