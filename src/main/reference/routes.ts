import { createHash } from 'node:crypto'
import { type RequestHandler, Router } from 'express'
import { renderReferencePage } from '../../../web/reference/render.tsx'
import { asyncApiDocument } from './asyncapi.ts'
import { openApiDocument } from './openapi.ts'
import { referencePage } from './page-model.ts'

/** GET /openapi.json, /asyncapi.json and /docs/api. Each is made when it is first asked for, and then kept. */
export function createReference(): Router {
  const routes = Router()
  routes.get(
    '/openapi.json',
    send('json', () => JSON.stringify(openApiDocument())),
  )
  routes.get(
    '/asyncapi.json',
    send('json', () => JSON.stringify(asyncApiDocument())),
  )
  routes.get(
    '/docs/api',
    send('html', () => renderReferencePage(referencePage())),
  )
  return routes
}

function send(type: 'json' | 'html', make: () => string): RequestHandler {
  let made: { readonly text: string; readonly tag: string } | undefined
  return (_req, res) => {
    made ??= tagged(make())
    // Express answers 304 to whoever has it.
    res.type(type).set({ 'Cache-Control': 'public, max-age=60', ETag: made.tag }).send(made.text)
  }
}

function tagged(text: string) {
  return { text, tag: `"${createHash('sha1').update(text).digest('hex')}"` }
}
