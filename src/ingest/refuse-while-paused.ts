import type { RequestHandler } from 'express'
import { Refusal } from '../foundation/errors.ts'
import { someBearerOf } from '../foundation/http/bearer.ts'
import type { Tokens } from '../foundation/tokens.ts'
import type { Intake } from '../protocol/ops.ts'

/** A pause lasts minutes: clients that ask again by themselves need not do so every second. */
const ASK_AGAIN_S = 5

export interface PausedIntakeNeeds {
  readonly tokens: Tokens
  readonly intakeNow: { readonly now: Intake }
}

/**
 * For in front of every write of editors: while intake is paused it is refused with the reason, which only who has a
 * token may read. While it is open this asks nobody.
 */
export function refuseWhilePaused({ tokens, intakeNow }: PausedIntakeNeeds): RequestHandler {
  return async (req, _res, next) => {
    const intake = intakeNow.now
    if (!intake.paused) return next()
    await someBearerOf(req, tokens)
    const { reason, since } = intake
    throw new Refusal('intake-paused', reason, { retryAfterSeconds: ASK_AGAIN_S, extra: { since } })
  }
}
