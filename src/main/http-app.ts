import express, { type Express, type Router } from 'express'
import { answerProblem, refuseUnknown } from '../foundation/http/answer-problem.ts'
import { trustOf } from '../foundation/http/client-address.ts'
import { countRequests } from '../foundation/http/count-requests.ts'
import { publicReadPreflights } from '../foundation/http/public-reads.ts'
import { refuseOtherMethods } from '../foundation/http/refuse-other-methods.ts'
import { giveRequestId } from '../foundation/http/request-id.ts'
import { traceWrites } from '../foundation/http/trace-requests.ts'
import type { Problem } from '../protocol/problems.ts'
import type { Start } from './run.ts'

export interface HttpAppOptions {
  /** Where files are served from. */
  readonly folders?: readonly string[]
  /** A refusal for a browser that asks for a page. */
  readonly asPage?: (problem: Problem) => string
}

/** What every HTTP server here has around its routes: request ids, measuring, and refusals of what no route takes. */
export function createHttpApp(
  { config, log, metrics, tracing }: Pick<Start, 'config' | 'log' | 'metrics' | 'tracing'>,
  routers: readonly Router[],
  { folders, asPage }: HttpAppOptions = {},
): Express {
  const app = express().disable('x-powered-by').set('query parser', 'simple').set('etag', false)
  app.set('trust proxy', trustOf(config.http.trustProxy))
  app.use(giveRequestId, countRequests(metrics, routers, folders))
  if (tracing.isOn) app.use(traceWrites(tracing))
  app.use(publicReadPreflights(config.http.readOrigins))
  app.use(...routers)
  app.use(refuseOtherMethods(...routers), refuseUnknown)
  app.use(answerProblem(log, asPage))
  return app
}
