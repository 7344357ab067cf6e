import type { Reader } from '../reading/reader.ts'
import { clockTime, dayOf, exactTime, fullTime, sameClock, zoneName } from '../reading/times.ts'

const MINUTE_MS = 60_000

export interface MomentWords {
  /** `10:05`, with its day when that is not the day of the coverage's other end; by the reader's clock. */
  readonly own: string
  /** `13:05 in Moscow`, where the event has other clocks. */
  readonly there: string | undefined
}

/** Pure: a moment by the clock of the reader, and by the event's where it differs. */
export function momentWords(
  ms: number,
  { zone, ownZone, language }: Pick<Reader, 'zone' | 'ownZone' | 'language'>,
  { isOneDay, stepMs }: { isOneDay: boolean; stepMs: number },
): MomentWords {
  const instant = new Date(ms).toISOString()
  const own = ownZone ?? zone
  // Where seconds are chosen they are told, or two moments would be called the same.
  const clock = stepMs < MINUTE_MS ? exactTime : clockTime
  const tell = isOneDay ? clock : fullTime
  const differs = !sameClock(instant, zone, own)
  return {
    own: tell(instant, own, language),
    there: differs ? `${clock(instant, zone, language)} in ${zoneName(zone)}` : undefined,
  }
}

/** Pure: whether two moments are of one day by a zone's clock. */
export function sameDay(firstMs: number, lastMs: number, zone: string): boolean {
  return dayOf(new Date(firstMs).toISOString(), zone) === dayOf(new Date(lastMs).toISOString(), zone)
}
