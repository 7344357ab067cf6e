import type { Readable } from 'node:stream'
import { type Request, type RequestHandler, type Response, Router } from 'express'
import { Refusal } from '../../foundation/errors.ts'
import { someBearerOf } from '../../foundation/http/bearer.ts'
import { requestIdOf } from '../../foundation/http/request-id.ts'
import { hasRole, reaches, type Tokens } from '../../foundation/tokens.ts'
import { readOps } from '../ops-request.ts'
import { planExport, writeArchive } from './export-archive.ts'
import { type ImportNeeds, importArchive } from './import-archive.ts'
import { readArchive } from './read-archive.ts'
import { tooLarge } from './unpack-archive.ts'

export interface ArchiveRoutesNeeds extends ImportNeeds {
  readonly tokens: Tokens
  /** Largest archive that is taken in, in bytes when unpacked. */
  readonly maxBytes: number
}

const GZIP = ['application/gzip', 'application/x-gzip']

/** Whole events as files: `GET /v1/events/:eventId/archive` and `POST /v1/archives`. For ops. */
export function createArchiveRoutes(needs: ArchiveRoutesNeeds): Router {
  const routes = Router()
  routes.get('/v1/events/:eventId/archive', getArchive(needs))
  routes.post('/v1/archives', postArchive(needs))
  return routes
}

function getArchive({ tokens, archives, audit, log }: ArchiveRoutesNeeds): RequestHandler {
  return async (req, res) => {
    const { eventId, by, requestId } = await readOps(req, res, tokens)
    const copy = await archives.copy(eventId)
    if (copy === undefined) throw new Refusal('event-not-found', `There is no event ${eventId}.`)
    try {
      const archive = await planExport(copy)
      const detail = { entries: copy.seq, sha256: archive.manifest.sha256 }
      await audit.record(eventId, { by, action: 'archive-exported', requestId, detail }, new Date())
      log.info({ requestId, eventId, sub: by.sub, ...detail }, 'archive was exported')
      res.set('Content-Disposition', `attachment; filename="${eventId}.ndjson.gz"`).set('Cache-Control', 'no-store')
      await writeArchive(archive, res.type('application/gzip')).catch((error: unknown) => {
        // A reader who went away is no fault of ours.
        if (!isGone(error)) throw error
        log.info({ requestId, eventId }, 'archive was not read to its end')
      })
    } finally {
      await copy
        .drop()
        .catch((err: unknown) => log.warn({ err, eventId }, 'an export was not cleared away; it expires'))
    }
  }
}

/** POST /v1/archives?replace=true: 201 with the event. It is all there then, or nothing of it. */
function postArchive(needs: ArchiveRoutesNeeds): RequestHandler {
  const { tokens, maxBytes } = needs
  return async (req, res) => {
    const subject = await someBearerOf(req, tokens)
    if (!hasRole(subject, 'ops')) throw new Refusal('not-allowed', 'This needs the role ops.')
    if (req.is(GZIP) === false) throw new Refusal('unsupported-type', 'Send application/gzip: the archive as it is.')
    const replace = readReplace(req)
    if (Number(req.get('content-length') ?? 0) > maxBytes) throw tooLarge(maxBytes)
    const { event, replaced } = await importArchive(needs, readArchive(chunksOf(req), maxBytes), {
      replace,
      by: { sub: subject.sub, name: subject.name },
      requestId: requestIdOf(res),
      mayImport({ eventId }) {
        if (!reaches(subject, eventId)) throw new Refusal('not-allowed', 'This token is for other events.')
      },
    }).finally(() => req.resume()) // who is refused half way is still read, or would not hear the answer
    answerImported(res, event, replaced !== undefined)
  }
}

function answerImported(res: Response, event: { id: string; version: number }, replaced: boolean): void {
  res
    .status(replaced ? 200 : 201)
    .location(`/v1/events/${event.id}`)
    .set('ETag', `"${event.version}"`)
    .json(event)
}

function readReplace(req: Request): boolean {
  const { replace = 'false' } = req.query
  if (replace === 'true' || replace === 'false') return replace === 'true'
  const errors = [{ pointer: '#/replace', detail: 'Must be true or false.' }]
  throw new Refusal('invalid-request', 'See errors.', { extra: { errors } })
}

/** Not the request itself: ending its iteration early would end the connection, before the answer. */
async function* chunksOf(req: Readable): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of req.iterator({ destroyOnReturn: false })) yield chunk as Uint8Array
  } catch (cause) {
    throw new Refusal('invalid-request', 'The connection ended before the archive did.', { cause })
  }
}

function isGone(error: unknown): boolean {
  return error instanceof Error && (error as NodeJS.ErrnoException).code === 'ERR_STREAM_PREMATURE_CLOSE'
}
