import { once } from 'node:events'
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'

/** Where a request goes: to the upstream of the first rule that fits, as nginx would choose. */
export interface ProxyRule {
  readonly fits: (path: string) => boolean
  readonly upstream: string
}

export interface SmallProxy {
  readonly url: string
  /** How many requests and sockets each address was given. */
  readonly served: ReadonlyMap<string, number>
  stop(): Promise<void>
}

/**
 * The rules of an nginx configuration, of the few directives that ours has: regular expressions first, in their order, then the
 * longest prefix.
 */
export function rulesOf(nginxConf: string): ProxyRule[] {
  const locations = [...nginxConf.matchAll(/location\s+(~\s+)?(\S+)\s*\{[^}]*proxy_pass\s+http:\/\/([a-z]+);[^}]*\}/g)]
  const rules = locations.map(([, isRegExp, place = '', upstream = '']) => {
    const pattern = isRegExp === undefined ? undefined : new RegExp(place)
    const fits = (path: string) => (pattern === undefined ? path.startsWith(place) : pattern.test(path))
    return { fits, upstream, rank: pattern === undefined ? place.length : Number.POSITIVE_INFINITY }
  })
  return rules.toSorted((a, b) => b.rank - a.rank)
}

/** Spreads requests and sockets over the addresses of each upstream in turn; goes to the next where nobody listens. */
export async function startSmallProxy(
  rules: readonly ProxyRule[],
  upstreams: Readonly<Record<string, readonly string[]>>,
): Promise<SmallProxy> {
  const served = new Map<string, number>()
  const sockets = new Set<Socket>()
  const turns = new Map<string, number>()

  /** The addresses to try, in this order. */
  function addressesFor(path: string): URL[] {
    const upstream = rules.find(({ fits }) => fits(path))?.upstream ?? ''
    const addresses = upstreams[upstream] ?? []
    const turn = turns.get(upstream) ?? 0
    turns.set(upstream, turn + 1)
    return addresses.map((_, i) => new URL(addresses[(turn + i) % addresses.length] ?? ''))
  }
  const count = ({ origin }: URL) => served.set(origin, (served.get(origin) ?? 0) + 1)

  function pass(req: IncomingMessage, res: ServerResponse, body: Buffer, [address, ...others]: URL[]): void {
    if (address === undefined) return void res.writeHead(502).end()
    const { method, headers, url: path } = req
    const passed = request({ host: address.hostname, port: address.port, method, headers, path }, answer => {
      count(address)
      res.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(res)
      answer.on('error', () => res.destroy())
    })
    passed.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNREFUSED') pass(req, res, body, others)
      else res.destroy() // it may have been done: whoever asked has to ask again
    })
    res.on('close', () => passed.destroy())
    passed.end(body)
  }

  function tunnel(req: IncomingMessage, client: Socket, head: Buffer, [address, ...others]: URL[]): void {
    if (address === undefined) return void client.end('HTTP/1.1 502 Bad Gateway\r\n\r\n')
    const server = connect(Number(address.port), address.hostname)
    let isOpen = false
    server.on('connect', () => {
      isOpen = true
      count(address)
      const headers = req.rawHeaders.flatMap((name, i) => (i % 2 === 0 ? [`${name}: ${req.rawHeaders[i + 1]}`] : []))
      server.write([`GET ${req.url} HTTP/1.1`, ...headers, '', ''].join('\r\n'))
      server.write(head)
      server.pipe(client).pipe(server)
    })
    server.on('error', () => (isOpen ? client.destroy() : tunnel(req, client, head, others)))
    server.on('close', () => isOpen && client.destroy())
    client.on('close', () => server.destroy())
  }

  const http = createServer((req, res) => {
    const chunks: Buffer[] = []
    req.on('data', (chunk: Buffer) => chunks.push(chunk))
    req.on('end', () => pass(req, res, Buffer.concat(chunks), addressesFor(pathOf(req))))
  })
  http.on('upgrade', (req, client: Socket, head) => {
    client.on('error', () => client.destroy())
    tunnel(req, client, head, addressesFor(pathOf(req)))
  })
  http.on('connection', socket => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  http.listen(0, '127.0.0.1')
  await once(http, 'listening')
  return {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    served,
    async stop() {
      const closed = once(http, 'close')
      http.close()
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}

const pathOf = ({ url = '/' }: IncomingMessage) => url.split('?')[0] ?? '/'
