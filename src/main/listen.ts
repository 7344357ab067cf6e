import { createServer, type RequestListener, type Server } from 'node:http'
import { StartError } from '../foundation/config.ts'
import type { Part } from '../foundation/lifecycle.ts'

export interface HttpPart extends Part {
  readonly server: Server
  /** Where it answers, with the port that was really taken. */
  readonly url: string
}

export interface ListenOptions {
  readonly host: string
  readonly port: number
  /** The variable that sets the port, where it is not PORT. */
  readonly variable?: string
}

/** Requests that are under way may finish within this time. */
const GRACE_MS = 2_000

/** Listens; a port that is taken is a StartError that says what to do. */
export async function listen(http: ListenOptions, app: RequestListener): Promise<HttpPart> {
  const server = createServer(app)
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(explain(error, http)))
    server.listen(http.port, http.host, resolve)
  })
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : http.port
  const host = http.host === '0.0.0.0' || http.host === '::' ? 'localhost' : http.host
  return {
    name: 'http server',
    server,
    url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
    async stop() {
      const closed = new Promise(resolve => server.close(resolve))
      server.closeIdleConnections()
      const force = setTimeout(() => server.closeAllConnections(), GRACE_MS)
      await closed
      clearTimeout(force)
    },
  }
}

function explain(error: NodeJS.ErrnoException, { host, port, variable = 'PORT' }: ListenOptions): Error {
  if (error.code === 'EADDRINUSE') {
    return new StartError(
      `Port ${port} is taken. Stop what listens there, or choose another: ${variable}=${port + 1} npm start`,
    )
  }
  if (error.code === 'EACCES')
    return new StartError(`Port ${port} needs more rights. Choose one above 1023 with ${variable}.`)
  if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND') {
    return new StartError(`HOST=${host} is no address of this machine.`)
  }
  return error
}
