import { tooMany } from './limit.ts'
import type { LimitName, Metrics } from './metrics.ts'

/** What one sender may have open at the same time. */
export interface Places {
  /** Takes a place; what it answers gives it back (once). Throws the Refusal `too-many` when there is none. */
  enter(sender: string): () => void
}

/** Nobody can tell when a place gets free: those who wait for one ask again after this. */
const ASK_AGAIN_MS = 5_000

/** `atOnce` of 0: no limit. `what` is how the refusal calls them. */
export function createPlaces(
  { name, atOnce, what }: { readonly name: LimitName; readonly atOnce: number; readonly what: string },
  { limited }: Pick<Metrics, 'limited'>,
): Places {
  if (atOnce === 0) return { enter: () => () => {} }
  const taken = new Map<string, number>()
  return {
    enter(sender) {
      const before = taken.get(sender) ?? 0
      if (before >= atOnce) {
        limited.inc({ limit: name })
        throw tooMany(`There are ${before} ${what} of your address already.`, ASK_AGAIN_MS)
      }
      taken.set(sender, before + 1)
      let isHere = true
      return () => {
        if (!isHere) return
        isHere = false
        const left = (taken.get(sender) ?? 1) - 1
        if (left === 0) taken.delete(sender)
        else taken.set(sender, left)
      }
    },
  }
}
