import type { Update } from '../../../src/protocol/update.ts'
import type { NormalizationStep } from '../step.ts'
import type { WorkingDraft } from '../working-draft.ts'
import { isQuote } from './read-quotes.ts'

/**
 * What kind of update this is, by what it holds.
 *
 *     a picture and no words              ->  image
 *     an embed and no words               ->  embed
 *     one quotation and who said it       ->  quote
 *     anything else with words            ->  text
 */
export const chooseType: NormalizationStep = {
  name: 'type',
  apply: draft => ({ draft: { ...draft, type: typeOf(draft) }, notes: [] }),
}

function typeOf({ bodyText, blocks, media, embeds }: WorkingDraft): Update['type'] {
  if (bodyText !== '') return isQuote(blocks) ? 'quote' : 'text'
  if (media.length > 0) return 'image'
  return embeds.length > 0 ? 'embed' : 'text'
}
