import type { Update } from '../../src/protocol/update.ts'
import { clockTime } from './times.ts'

/** A screen reader is not spoken to more often than this. */
export const ANNOUNCE_EVERY_MS = 6_000

/** So long it is waited for more, before the first of a row is spoken. */
export const ANNOUNCE_SETTLE_MS = 400

const LINE_CHARS = 120

/** An update in one line: its headline, given or derived, or its first words. */
export function lineFor(update: Update): string {
  return update.headline ?? update.bodyText.slice(0, LINE_CHARS)
}

/** Pure: the one short sentence for what came since the last one, or undefined when nothing did. */
export function announcementFor(arrived: readonly Update[], zone: string, language: string): string | undefined {
  const latest = arrived.findLast(update => update.isBreaking) ?? arrived.at(-1)
  if (latest === undefined) return undefined
  const kind = latest.isBreaking ? 'Breaking' : 'New update'
  const said = `${clockTime(latest.sortTime, zone, language)}: ${lineFor(latest)}`
  return arrived.length === 1 ? `${kind}, ${said}` : `${arrived.length} new updates. ${kind}, ${said}`
}

/** Pure: how long to wait before speaking, so that several updates in a row become one sentence. Times in ms. */
export function announceInMs(lastSpokenMs: number | undefined, nowMs: number): number {
  if (lastSpokenMs === undefined) return ANNOUNCE_SETTLE_MS
  return Math.max(ANNOUNCE_SETTLE_MS, lastSpokenMs + ANNOUNCE_EVERY_MS - nowMs)
}
