import type { Response } from 'express'
import { type Limit, type Taken, tooMany } from '../limit.ts'

/** A limit of requests, as routes use it: it answers how much is left, and throws the Refusal `too-many`. */
export type TakeRequest = (sender: string, res: Response) => Promise<void>

/**
 * For routes whose requests are limited by who sends them. Each answer has RateLimit and RateLimit-Policy
 * (draft-ietf-httpapi-ratelimit-headers): what is left, and when all of it is back. `what` is how the refusal calls them.
 */
export function limitRequests(limit: Limit | undefined, what: string): TakeRequest {
  if (limit === undefined) return async () => {}
  const { name, atOnce, seconds } = limit.rule
  const policy = `"${name}";q=${atOnce};w=${Math.ceil(seconds)}`
  return async (sender, res) => {
    const taken = await limit.take(sender)
    res.set('RateLimit-Policy', policy).set('RateLimit', `"${name}";${leftOf(taken)}`)
    if (taken.isOver) throw tooMany(`You sent too many ${what}.`, taken.resetMs)
  }
}

function leftOf({ remaining, resetMs }: Taken): string {
  return `r=${remaining};t=${Math.ceil(resetMs / 1_000)}`
}
