import { z } from 'zod'
import type { NormalizationSettings } from '../protocol/normalization.ts'
import type { Keys } from '../redis/keys.ts'
import type { ScriptedRedis } from '../redis/scripts.ts'

export type PutSettingsAnswer =
  | { readonly result: 'saved'; readonly version: number }
  | { readonly result: 'version-mismatch'; readonly version: number }
  | { readonly result: 'event-not-found' }
  | { readonly result: 'event-closed'; readonly status: string }

export type SettingsWriter = ReturnType<typeof createSettingsWriter>

/** How an event's updates are cleaned, beside its drafts: each submission is accepted with them. */
export function createSettingsWriter({ redis, keys }: { redis: ScriptedRedis; keys: Keys }) {
  return {
    /** `expected` is the version that must stand now (0 for none yet); undefined takes whatever stands. */
    async put(
      eventId: string,
      settings: NormalizationSettings,
      expected: number | undefined,
    ): Promise<PutSettingsAnswer> {
      const { meta, drafts } = keys.event(eventId)
      const answer = Answer.parse(await redis.dlPutSettings(meta, drafts, JSON.stringify(settings), expected ?? '*'))
      if (answer[0] === 'event-not-found') return { result: answer[0] }
      if (answer[0] === 'event-closed') return { result: answer[0], status: answer[1] }
      return { result: answer[0], version: answer[1] }
    },
  }
}

const Answer = z.union([
  z.tuple([z.enum(['saved', 'version-mismatch']), z.int()]),
  z.tuple([z.literal('event-not-found')]),
  z.tuple([z.literal('event-closed'), z.string()]),
])
