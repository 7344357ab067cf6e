import type { Embed } from '../../src/protocol/update.ts'
import { hostOf, safeHref } from './links.ts'
import { ownWords, type Reader } from './reader.ts'

const PROVIDER_NAMES: Readonly<Record<string, string>> = {
  youtube: 'YouTube',
  twitter: 'X (Twitter)',
  x: 'X',
  tiktok: 'TikTok',
  linkedin: 'LinkedIn',
  soundcloud: 'SoundCloud',
  'google-maps': 'Google Maps',
  vk: 'VK',
}

/** `YouTube` for youtube; a provider that is not known is named as the editor wrote it, with a capital. */
export function providerName(provider: string): string {
  return PROVIDER_NAMES[provider.toLowerCase()] ?? provider.charAt(0).toUpperCase() + provider.slice(1)
}

/** Something on another site: a link to it. Nothing is fetched from there, so nobody is tracked by reading here. */
export function EmbedCard({ embed, reader }: { embed: Embed; reader: Reader }) {
  const href = safeHref(embed.url)
  const name = providerName(embed.provider)
  return (
    <p class="embed" {...ownWords(reader)}>
      <span class="embed-provider">{name}</span>
      {href === undefined ? (
        <span class="embed-id">{embed.originalId}</span>
      ) : (
        <a href={href} rel="noopener noreferrer nofollow">
          See the post on {name} <span class="host">{hostOf(href)}</span>
        </a>
      )}
    </p>
  )
}
