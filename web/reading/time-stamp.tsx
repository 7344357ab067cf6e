import { ownWords, type Reader } from './reader.ts'
import { clockTime, fullTime, relativeTime, sameClock, zoneName } from './times.ts'

/** `13:05 · 12:05 your time · 5 min. ago`: a moment in the event's zone, in the reader's when it differs, and from now. */
export function TimeStamp({ instant, reader, href }: { instant: string; reader: Reader; href?: string }) {
  const { zone, ownZone, language, nowMs } = reader
  const title = `${fullTime(instant, zone, language)} (${zoneName(zone)})`
  const time = (
    <time dateTime={instant} title={title}>
      {clockTime(instant, zone, language)}
    </time>
  )
  const ago = relativeTime(instant, nowMs, language)
  const differs = ownZone !== undefined && !sameClock(instant, zone, ownZone)
  return (
    <span class="stamp">
      {href === undefined ? (
        <b class="stamp-time">{time}</b>
      ) : (
        <a class="stamp-time" href={href}>
          {time}
        </a>
      )}
      {differs ? (
        <span class="stamp-own">
          <bdi {...ownWords(reader)}>{clockTime(instant, ownZone, language)} your time</bdi>
        </span>
      ) : null}
      {ago === undefined ? null : <span class="stamp-ago">{ago}</span>}
    </span>
  )
}
