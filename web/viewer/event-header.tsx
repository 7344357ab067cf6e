import type { ComponentChildren } from 'preact'
import type { Event } from '../../src/protocol/event.ts'
import { Picture } from '../reading/picture.tsx'
import { ownWords, type Reader } from '../reading/reader.ts'
import { dayHeading, dayOf, fullTime, sameClock, zoneName, zoneOffset } from '../reading/times.ts'

export interface EventHeaderProps {
  readonly event: Event
  readonly reader: Reader
  /** Stands at the end of the line of facts. */
  readonly children?: ComponentChildren
}

/** What the coverage is about, by whom, and which clock it goes by. */
export function EventHeader({ event, reader, children }: EventHeaderProps) {
  const { language, zone } = reader
  const image = event.image?.url === undefined ? undefined : event.image
  return (
    <header class="event-head">
      {event.section === undefined ? null : <p class="section-name">{event.section}</p>}
      <h1>{event.headline}</h1>
      {event.description === undefined ? null : <p class="standfirst">{event.description}</p>}
      <p class="event-facts">
        {event.authors.length === 0 ? null : (
          <span class="authors">
            {event.authors.map(author => (
              <bdi key={author.name}>{author.name}</bdi>
            ))}
          </span>
        )}
        <time dateTime={event.coverageStartTime} title={fullTime(event.coverageStartTime, zone, language)}>
          {dayHeading(dayOf(event.coverageStartTime, zone), language)}
        </time>
        <span {...ownWords(reader)}>{clockWords(event, reader)}</span>
        {children}
      </p>
      {image === undefined ? null : (
        <Picture
          media={{
            url: image.url,
            ...(image.width === undefined ? {} : { width: image.width }),
            ...(image.height === undefined ? {} : { height: image.height }),
            alt: image.alt ?? '',
            caption: image.caption ?? '',
            creditText: image.creditText ?? '',
            copyrightHolder: image.copyrightHolder ?? '',
          }}
          language={event.inLanguage}
          reader={reader}
        />
      )}
    </header>
  )
}

/** `Times in Moscow (GMT+3)`, told by the clocks of when the coverage began: an old event may be of another season. */
function clockWords(event: Event, { zone, ownZone }: Reader): string {
  const offset = zoneOffset(event.coverageStartTime, zone)
  const name = zoneName(zone)
  const place = offset === name || name === 'UTC' ? name : `${name} (${offset})`
  const same = ownZone !== undefined && sameClock(event.coverageStartTime, zone, ownZone)
  return same && zone === ownZone ? 'Times are local' : `Times in ${place}`
}
