import type { Snapshot } from '../../src/protocol/snapshot.ts'
import type { Author, Update } from '../../src/protocol/update.ts'
import { updateAnchor } from '../reading/links.ts'

/** The page as schema.org LiveBlogPosting, for search engines. Addresses are relative to the page's own. */
export function liveBlogPosting({ event, updates }: Snapshot): Record<string, unknown> {
  return {
    '@context': 'https://schema.org',
    '@type': 'LiveBlogPosting',
    '@id': `/events/${event.id}`,
    url: `/events/${event.id}`,
    headline: event.headline,
    alternativeHeadline: event.alternativeHeadline,
    description: event.description,
    inLanguage: event.inLanguage,
    datePublished: event.datePublished,
    dateModified: [event.dateModified, ...updates.map(update => update.dateModified)].toSorted().at(-1),
    coverageStartTime: event.coverageStartTime,
    coverageEndTime: event.coverageEndTime,
    author: event.authors.length === 0 ? undefined : event.authors.map(toPerson),
    publisher: event.publisher === undefined ? undefined : { '@type': 'Organization', ...event.publisher },
    image: event.image?.url,
    keywords: event.keywords.length === 0 ? undefined : event.keywords,
    articleSection: event.section,
    about: event.about === undefined ? undefined : { '@type': 'Event', ...event.about },
    liveBlogUpdate: updates.map(update => blogPosting(update, event.id)),
  }
}

function blogPosting(update: Update, eventId: string): Record<string, unknown> {
  const images = update.media.flatMap(({ url }) => (url === undefined ? [] : [url]))
  return {
    '@type': 'BlogPosting',
    url: `/events/${eventId}#${updateAnchor(update.id)}`,
    headline: update.headline,
    articleBody: update.bodyText,
    inLanguage: update.inLanguage,
    datePublished: update.datePublished,
    dateModified: update.dateModified,
    author: update.authors.map(toPerson),
    image: images.length === 0 ? undefined : images,
    correction: update.corrections.length === 0 ? undefined : update.corrections.map(({ text }) => text),
  }
}

function toPerson({ name, role, url }: Author): Record<string, unknown> {
  return { '@type': 'Person', name, jobTitle: role, url }
}
