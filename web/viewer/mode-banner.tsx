import { ownWords, type Reader } from '../reading/reader.ts'
import { fullTime, zoneName } from '../reading/times.ts'
import { type PageMode, type PastPlace, placeHref } from './page-mode.ts'

export interface ModeBannerProps {
  readonly mode: PageMode
  readonly eventId: string
  readonly reader: Reader
  /** What a page that runs does in place of opening another one. */
  readonly deeds: PastDeeds | undefined
}

export interface PastDeeds {
  /** To the entry before, or after, the one that is shown. */
  readonly step: (by: 1 | -1) => void
  readonly backToLive: () => void
}

/** Above everything else: that this page is not what readers see now. */
export function ModeBanner({ mode, eventId, reader, deeds }: ModeBannerProps) {
  switch (mode.name) {
    case 'live':
      return null
    case 'rehearsal':
      return (
        <div class="mode-banner">
          <p {...ownWords(reader)}>
            <b>Rehearsal.</b> This is a replay. Readers see nothing of it.
          </p>
        </div>
      )
    case 'older':
      return mode.at === undefined ? null : (
        <div class="mode-banner">
          <p {...ownWords(reader)}>
            <b>Not live.</b> Older updates, as they were then.
          </p>
          <nav class="mode-links" aria-label="Moments" {...ownWords(reader)}>
            <a href={placeHref(eventId, mode.at)}>Go to the top</a>
            <a href={placeHref(eventId)}>Go to live</a>
          </nav>
        </div>
      )
    case 'past':
      return <PastBanner place={mode.place} eventId={eventId} reader={reader} deeds={deeds} />
  }
}

function PastBanner({ place, eventId, reader, deeds }: Omit<ModeBannerProps, 'mode'> & { place: PastPlace }) {
  const { moment, seq, lastSeq } = place
  const act = (deed: (() => void) | undefined) => (press: MouseEvent) => {
    if (deed === undefined || press.metaKey || press.ctrlKey || press.shiftKey) return
    press.preventDefault()
    deed()
  }
  return (
    <div class="mode-banner">
      <p {...ownWords(reader)}>
        <b>Not live.</b> This is how it stood on{' '}
        <time dateTime={moment} lang={reader.language}>
          <bdi>{fullTime(moment, reader.zone, reader.language)}</bdi>
        </time>{' '}
        ({zoneName(reader.zone)}).
      </p>
      <nav class="mode-links" aria-label="Moments" {...ownWords(reader)}>
        {seq > 1 ? (
          <a href={placeHref(eventId, seq - 1)} rel="prev" onClick={act(deeds && (() => deeds.step(-1)))}>
            One change back
          </a>
        ) : null}
        {seq < lastSeq ? (
          <a href={placeHref(eventId, seq + 1)} rel="next" onClick={act(deeds && (() => deeds.step(1)))}>
            Next change
          </a>
        ) : null}
        <a href={placeHref(eventId)} onClick={act(deeds?.backToLive)}>
          Go to live
        </a>
      </nav>
    </div>
  )
}
