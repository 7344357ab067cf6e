import express, { type Request, type Response, Router } from 'express'
import helmet from 'helmet'
import type { EventIndex } from '../feed/event-index.ts'
import { accept } from '../foundation/accept.ts'
import type { Event } from '../protocol/event.ts'
import { ReplayId } from '../protocol/replay.ts'
import type { Snapshot } from '../protocol/snapshot.ts'
import { EventId } from '../protocol/update.ts'
import type { PastPlace } from './place-at.ts'
import { cacheControl, eventNotFound, type ReadNeeds, readableEvent } from './readable-event.ts'
import { wantedSnapshot } from './wanted-snapshot.ts'

export interface PageSettings {
  readonly gatewayUrl: string | undefined
  readonly mediaOrigins: readonly string[]
}

/** Which page of an event it is: none of these is live. */
export interface ViewedPage {
  /** A page of older updates. */
  readonly isOlder: boolean
  /** The event as it stood at a place in its past. */
  readonly past: PastPlace | undefined
}

/** Makes whole documents. */
export interface PageRenderers {
  home(events: readonly Event[]): string
  viewer(snapshot: Snapshot, settings: PageSettings, page: ViewedPage): string
  /** The viewer page of a rehearsal room, without anything of the event: who may see it shows in the browser. */
  rehearsal(eventId: string, replayId: string, settings: PageSettings): string
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
    if (req.query['replay'] !== undefined) return sendRehearsal(req, res, needs)
    const event = await readableEvent(req, needs)
    const { snapshot, past, times } = await wantedSnapshot(reader, event.id, req, PAGE_LIMIT)
    if (snapshot === undefined) throw eventNotFound(event.id)
    const page = { isOlder: req.query['before'] !== undefined, past }
    const html = render.viewer(JSON.parse(snapshot.json) as Snapshot, settings, page)
    res.set('Cache-Control', cacheControl(event, times)).send(html)
  })

  routes.get('/desk', (_req, res) => {
    res.set('Cache-Control', 'no-cache').send(render.desk(settings))
  })

  routes.get('/ops', (_req, res) => {
    res.set('Cache-Control', 'no-cache').send(render.ops(settings))
  })

  return routes
}

function sendRehearsal(req: Request, res: Response, { render, settings }: PagesNeeds): void {
  const eventId = accept(EventId, req.params['eventId'])
  const replayId = accept(ReplayId, req.query['replay'])
  res.set('Cache-Control', 'no-cache').send(render.rehearsal(eventId, replayId, settings))
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
