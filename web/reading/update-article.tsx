import type { ComponentChildren } from 'preact'
import type { Author, Update } from '../../src/protocol/update.ts'
import { textDirection } from './direction.ts'
import { EmbedCard } from './embed-card.tsx'
import { safeHref, updateAnchor } from './links.ts'
import { Picture } from './picture.tsx'
import { ownWords, type Reader } from './reader.ts'
import { TimeStamp } from './time-stamp.tsx'
import { timeBeside } from './times.ts'

export interface UpdateArticleProps {
  readonly update: Update
  readonly reader: Reader
  readonly pinned?: boolean
  /** It stands here a second time (the pinned one above the feed): its id is left to the other. */
  readonly copy?: boolean
  readonly fresh?: boolean
  readonly children?: ComponentChildren
}

/** One update as readers see it. */
export function UpdateArticle({ update, reader, pinned, copy, fresh, children }: UpdateArticleProps) {
  const anchor = updateAnchor(update.id)
  const language = update.inLanguage
  // A headline made from the first words would repeat them.
  const headline = update.headlineDerived === true ? undefined : update.headline
  const flags = {
    'is-key': update.isKeyEvent,
    'is-breaking': update.isBreaking,
    'is-summary': update.isSummary,
    'is-fresh': fresh,
  }
  const marks = Object.entries(flags).flatMap(([name, on]) => (on === true ? [name] : []))
  return (
    <article class={['update', ...marks].join(' ')} id={copy === true ? undefined : anchor} data-update={update.id}>
      <div class="update-top">
        <TimeStamp instant={update.sortTime} reader={reader} href={`#${anchor}`} />
        <Labels update={update} pinned={pinned === true} reader={reader} />
      </div>
      {headline === undefined ? null : (
        <h3 class="update-headline" lang={language} dir={textDirection(headline, language)}>
          {headline}
        </h3>
      )}
      {update.bodyHtml === '' ? null : (
        <div
          class="update-body"
          lang={language}
          dir={textDirection(update.bodyText, language)}
          dangerouslySetInnerHTML={{ __html: update.bodyHtml }}
        />
      )}
      {update.media.map((media, index) => (
        <Picture key={`${index} ${media.url}`} media={media} language={language} reader={reader} />
      ))}
      {update.embeds.map((embed, index) => (
        <EmbedCard key={`${index} ${embed.url}`} embed={embed} reader={reader} />
      ))}
      <Corrections update={update} reader={reader} />
      <Foot update={update} reader={reader} />
      {children}
    </article>
  )
}

function Labels({ update, pinned, reader }: { update: Update; pinned: boolean; reader: Reader }) {
  const labels = [
    ...(pinned ? [{ mark: 'pinned', text: 'Pinned' }] : []),
    ...(update.isBreaking ? [{ mark: 'breaking', text: 'Breaking' }] : []),
    ...(update.isKeyEvent ? [{ mark: 'key', text: 'Key event' }] : []),
    ...(update.isSummary ? [{ mark: 'summary', text: 'Summary' }] : []),
  ]
  return labels.map(({ mark, text }) => (
    <span key={mark} class={`label label-${mark}`} {...ownWords(reader)}>
      {text}
    </span>
  ))
}

function Corrections({ update, reader }: { update: Update; reader: Reader }) {
  if (update.corrections.length === 0) return null
  return (
    <ul class="corrections">
      {update.corrections.map(correction => (
        <li key={correction.datePublished}>
          <b {...ownWords(reader)}>
            Correction, {timeBeside(correction.datePublished, update.sortTime, reader.zone, reader.language)}
          </b>{' '}
          <span lang={update.inLanguage} dir={textDirection(correction.text, update.inLanguage)}>
            {correction.text}
          </span>
        </li>
      ))}
    </ul>
  )
}

function AuthorName({ author }: { author: Author }) {
  const href = safeHref(author.url)
  return href === undefined ? <bdi>{author.name}</bdi> : <a href={href}>{author.name}</a>
}

function Foot({ update, reader }: { update: Update; reader: Reader }) {
  const { authors, source, tags, datePublished, dateModified } = update
  const revised = dateModified !== datePublished
  if (authors.length === 0 && source === undefined && tags.length === 0 && !revised) return null
  const ofWords = ownWords(reader)
  return (
    <footer class="update-foot">
      {authors.map(author => (
        <span key={author.name} class="author">
          <AuthorName author={author} />
          {author.role === undefined ? null : (
            <span class="role">
              , <bdi>{author.role}</bdi>
            </span>
          )}
        </span>
      ))}
      {source === undefined ? null : (
        <span>
          <span {...ofWords}>Source:</span> <bdi>{source}</bdi>
        </span>
      )}
      {revised ? (
        <span {...ofWords}>
          Updated{' '}
          <time dateTime={dateModified}>{timeBeside(dateModified, update.sortTime, reader.zone, reader.language)}</time>
        </span>
      ) : null}
      {tags.length === 0 ? null : (
        <ul class="tags">
          {tags.map(tag => (
            <li key={tag}>
              <bdi>{tag}</bdi>
            </li>
          ))}
        </ul>
      )}
    </footer>
  )
}
