import { clientOf, trustOf } from '../foundation/http/client-address.ts'
import { limitRequests } from '../foundation/http/limit-requests.ts'
import { createPlaces } from '../foundation/places.ts'
import { sharedLimit } from '../redis/shared-limit.ts'
import type { Store } from './open-store.ts'
import type { Start } from './run.ts'

const PREVIEW_SECONDS = 60

/** The limits of an api: what editors send is counted over all processes, what waits here by this one. */
export function openRequestLimits(
  { config, metrics }: Pick<Start, 'config' | 'metrics'>,
  store: Pick<Store, 'redis' | 'keys'>,
) {
  const { postsPerS, postsAtOnce, previewsPerMin, pollsPerAddress } = config.limits
  const shared = { ...store, metrics }
  // Who may do 300 a second, and 1,000 at once, has all of these back in 3.3 s.
  const atOnce = postsPerS === 0 ? 0 : Math.max(postsAtOnce, postsPerS)
  const posts = sharedLimit({ name: 'posts', atOnce, seconds: atOnce === 0 ? 1 : atOnce / postsPerS }, shared)
  const previews = sharedLimit({ name: 'previews', atOnce: previewsPerMin, seconds: PREVIEW_SECONDS }, shared)
  const polls = createPlaces({ name: 'polls', atOnce: pollsPerAddress, what: 'requests that wait' }, metrics)
  const addressOf = clientOf(trustOf(config.http.trustProxy))
  return {
    takePost: limitRequests(posts, 'writes'),
    takePreview: limitRequests(previews, 'previews'),
    enterPoll: (req: Parameters<typeof addressOf>[0]) => polls.enter(addressOf(req)),
  }
}
