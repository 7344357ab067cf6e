import express, { Router } from 'express'
import helmet from 'helmet'
import type { EventIndex } from '../feed/event-index.ts'
import type { Event } from '../protocol/event.ts'
import type { Snapshot } from '../protocol/snapshot.ts'
import { cacheControl, eventNotFound, type ReadNeeds, readableEvent } from './readable-event.ts'

export interface PageSettings {
  readonly gatewayUrl: string | undefined
  readonly mediaOrigins: readonly string[]
}

/** Makes whole documents. */
export interface PageRenderers {
  home(events: readonly Event[]): string
  /** With `before`, a page of older updates. */
  viewer(snapshot: Snapshot, settings: PageSettings, options: { before: string | undefined }): string
  desk(settings: PageSettings): string
  ops(settings: PageSettings): string
}

export interface PagesNeeds extends ReadNeeds {
  readonly index: Pick<EventIndex, 'page'>
  readonly render: PageRenderers
  readonly settings: PageSettings
  /** Folder of the pages' scripts and styles. */
  readonly assets: string
}

const PAGE_LIMIT = 50
const EVENTS_SHOWN = 100

/** The pages: each is read without JavaScript, and goes live with it. */
export function createPages(needs: PagesNeeds): Router {
  const { reader, index, render, settings, assets } = needs
  const routes = Router()
  routes.use(contentSecurity(settings))
  routes.use('/assets', express.static(assets, { index: false, cacheControl: false, fallthrough: true }))

  routes.get('/', async (_req, res) => {
    const { events } = await index.page(0, EVENTS_SHOWN)
    res.set('Cache-Control', 'no-cache').send(render.home(events.filter(event => event.visibility === 'public')))
  })

  routes.get('/events/:eventId', async (req, res) => {
    const event = await readableEvent(req, needs)
    const before = req.query['before'] === undefined ? undefined : String(req.query['before'])
    const read = await reader.snapshot(event.id, {
      limit: PAGE_LIMIT,
      ...(before === undefined ? {} : { before }),
    })
    if (read === undefined) throw eventNotFound(event.id)
    const snapshot = JSON.parse(read.json) as Snapshot
    res.set('Cache-Control', cacheControl(event, 1)).send(render.viewer(snapshot, settings, { before }))
  })

  routes.get('/desk', (_req, res) => {
    res.set('Cache-Control', 'no-cache').send(render.desk(settings))
  })

  routes.get('/ops', (_req, res) => {
    res.set('Cache-Control', 'no-cache').send(render.ops(settings))
  })

  return routes
}

const HOST = /^[\w.:[\]-]+$/

/** Nothing is loaded from elsewhere but pictures of the origins that are listed. */
function contentSecurity({ gatewayUrl, mediaOrigins }: PageSettings) {
  const gateways = gatewayUrl === undefined ? [] : [gatewayUrl, gatewayUrl.replace(/^http/, 'ws')]
  return helmet({
    strictTransportSecurity: false, // for whoever ends TLS in front of this to say
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        fontSrc: ["'self'"],
        imgSrc: ["'self'", ...mediaOrigins],
        // Not every browser takes 'self' for a websocket to the same host.
        connectSrc: ["'self'", ...gateways, req => ownSocket(req.headers.host)],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'self'"],
      },
    },
  })
}

function ownSocket(host: string | undefined): string {
  return host !== undefined && HOST.test(host) ? `ws://${host} wss://${host}` : "'self'"
}
