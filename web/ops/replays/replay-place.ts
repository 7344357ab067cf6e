import { isMoment } from '../../reading/times.ts'

export type PlaceReading =
  | { readonly ok: true; readonly place: number | string | undefined }
  | { readonly ok: false; readonly fault: string }

/** Pure: a place in a feed as it was typed: nothing, an entry's number, or a moment (RFC 3339; without an offset, UTC). */
export function readReplayPlace(typed: string): PlaceReading {
  const text = typed.trim()
  if (text === '') return { ok: true, place: undefined }
  if (/^[1-9]\d{0,14}$/.test(text)) return { ok: true, place: Number(text) }
  const moment = isMoment(text) ? text : `${text.replace(' ', 'T')}Z`
  const ms = /^\d{4}-\d\d-\d\d[T ]/.test(text) ? Date.parse(moment) : Number.NaN
  if (!Number.isNaN(ms)) return { ok: true, place: new Date(ms).toISOString() }
  return { ok: false, fault: 'Give an entry’s number, such as 12, or a moment, such as 2026-11-24 10:00 (UTC).' }
}
