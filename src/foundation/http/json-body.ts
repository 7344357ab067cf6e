import express, { type RequestHandler } from 'express'
import { Refusal } from '../errors.ts'

/** Largest request body. */
export const MAX_BODY = '64kb'

const JSON_TYPES = ['application/json', 'application/merge-patch+json']

const refuseOtherTypes: RequestHandler = (req, _res, next) => {
  // `is` answers null when there is no body at all, but takes an empty one for a body.
  const isEmpty = req.get('content-length') === '0'
  if (!isEmpty && req.is(JSON_TYPES) === false) throw new Refusal('unsupported-type', 'Send application/json.')
  next()
}

/** Reads a JSON body into req.body; refuses other types and what is too large. */
export function jsonBody(): RequestHandler[] {
  return [refuseOtherTypes, express.json({ limit: MAX_BODY, type: JSON_TYPES })]
}
