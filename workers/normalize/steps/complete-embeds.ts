import type { Embed } from '../../../src/protocol/update.ts'
import { addressOf, findProvider, idIn } from '../embed-providers.ts'
import type { NormalizationStep } from '../step.ts'

/**
 * Fills in an embed's missing half, where its provider is known.
 *
 *     {youtube, id XmP56yBy-18}                  ->  + url https://www.youtube.com/watch?v=XmP56yBy-18
 *     {twitter, https://twitter.com/a/status/7}  ->  + originalId 7
 *     {unknown, id 7}                            ->  url stays ''
 */
export const completeEmbeds: NormalizationStep = {
  name: 'embeds',
  apply(draft) {
    const embeds = draft.embeds.map(complete)
    const notes = embeds.flatMap((embed, i) => {
      const before = inWords(draft.embeds[i] ?? embed)
      const after = inWords(embed)
      return before === after ? [] : [{ before, after }]
    })
    return { draft: { ...draft, embeds }, notes }
  },
}

function complete(embed: Embed): Embed {
  const provider = findProvider(embed.provider)
  if (provider === undefined) return embed
  if (embed.url === '' && embed.originalId !== '') return { ...embed, url: addressOf(provider, embed.originalId) }
  if (embed.originalId === '' && embed.url !== '') return { ...embed, originalId: idIn(provider, embed.url) }
  return embed
}

function inWords({ provider, url, originalId }: Embed): string {
  return `${provider} url=${url} originalId=${originalId}`
}
