import type { Media } from '../../src/protocol/update.ts'
import { textDirection } from './direction.ts'
import { hostOf, isOwnPicture, safeHref } from './links.ts'
import { ownWords, type Reader } from './reader.ts'

/** A picture: shown when it is the newsroom's own, else a link, because a page fetches nothing from foreign hosts by itself. */
export function Picture({ media, language, reader }: { media: Media; language: string; reader: Reader }) {
  const href = safeHref(media.url)
  const own = href !== undefined && isOwnPicture(href, reader.pictureOrigins)
  const caption = media.caption !== '' || own ? media.caption : media.alt
  return (
    <figure class={own ? 'picture' : 'picture is-linked'}>
      {own ? (
        <img src={href} alt={media.alt} width={media.width} height={media.height} loading="lazy" decoding="async" />
      ) : null}
      <figcaption lang={language} dir={textDirection(caption, language)}>
        {caption === '' ? null : <span class="picture-caption">{caption}</span>}
        <Credit media={media} />
        {own ? null : <PictureLink href={href} reader={reader} />}
      </figcaption>
    </figure>
  )
}

function Credit({ media }: { media: Media }) {
  const { creditText, copyrightHolder, creator, sourceOrganization } = media
  const credit = creditText !== '' ? creditText : [creator, sourceOrganization].filter(Boolean).join(', ')
  const holder = copyrightHolder !== '' && !credit.includes(copyrightHolder) ? `© ${copyrightHolder}` : ''
  const text = [credit, holder].filter(Boolean).join(' ')
  return text === '' ? null : <small class="picture-credit">{text}</small>
}

function PictureLink({ href, reader }: { href: string | undefined; reader: Reader }) {
  if (href === undefined) return <span class="picture-open">Picture to follow</span>
  return (
    <a class="picture-open" href={href} rel="noopener noreferrer nofollow" {...ownWords(reader)}>
      See the picture <span class="host">{hostOf(href)}</span>
    </a>
  )
}
