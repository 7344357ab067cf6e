import { z } from 'zod'
import { Line } from './text.ts'

/**
 * The steps that an editor may do without, for an event or for one update ("keep as typed"). Unicode safety, size limits,
 * HTML sanitizing and blocked terms are no choice, so they are not in this list.
 */
export const SWITCHABLE_STEPS = [
  'commands',
  'repeats',
  'near-repeats',
  'sentence-spacing',
  'page-chrome',
  'calls-to-action',
  'credits',
  'keywords',
  'links',
  'embed-links',
  'quotes',
  'language',
  'typography',
  'times',
  'derived-headline',
  'duplicate-alert',
  'consistency',
] as const
export const SwitchableStep = z.enum(SWITCHABLE_STEPS)
export type SwitchableStep = z.infer<typeof SwitchableStep>

/** How an event's updates are cleaned. For editors only: blocked terms are nobody else's to read. */
export const NormalizationSettings = z.strictObject({
  /** Steps that are not run for this event. */
  off: z.array(SwitchableStep).max(SWITCHABLE_STEPS.length).default([]),
  /** What happens to "Follow our live feed ..." in an update. */
  callsToAction: z.enum(['flag', 'remove']).default('flag'),
  /** An update that has one of these words is held for an editor. Case and accents make no difference. */
  blockedTerms: z.array(Line(100)).max(200).default([]),
})
export type NormalizationSettings = z.infer<typeof NormalizationSettings>

/** `GET` and `PUT /v1/events/:id/normalization`. Version 0: nobody has changed them yet. */
export interface SettingsNow {
  version: number
  settings: NormalizationSettings
}

export const DEFAULT_SETTINGS: NormalizationSettings = NormalizationSettings.parse({})

/** What one step did to one update, or what it would have somebody look at. */
export const NormalizationNote = z.union([
  z.strictObject({ step: z.string(), before: z.string(), after: z.string() }),
  z.strictObject({ step: z.string(), warning: z.string() }),
])
export type NormalizationNote = z.infer<typeof NormalizationNote>
