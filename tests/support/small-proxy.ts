import { once } from 'node:events'
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'

/** Where a request goes: to the upstream of the first rule that fits, as nginx would choose. */
export interface ProxyRule {
  readonly fits: (path: string) => boolean
  readonly upstream: string
  /** An address that answers 503 is passed over for the next, as one where nobody listens. */
  readonly passesOver503: boolean
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
  const rules = locations.map(([location, isRegExp, place = '', upstream = '']) => {
    const pattern = isRegExp === undefined ? undefined : new RegExp(place)
    const fits = (path: string) => (pattern === undefined ? path.startsWith(place) : pattern.test(path))
    const passesOver503 = /proxy_next_upstream[^;]*http_503/.test(location)
    return { fits, upstream, passesOver503, rank: pattern === undefined ? place.length : Number.POSITIVE_INFINITY }
  })
  return rules.toSorted((a, b) => b.rank - a.rank)
}

/** Spreads requests and sockets over the addresses of each upstream in turn; goes to the next where nobody listens, or (where the rule says so) where the answer is 503. */
export async function startSmallProxy(
  rules: readonly ProxyRule[],
  upstreams: Readonly<Record<string, readonly string[]>>,
): Promise<SmallProxy> {
  const served = new Map<string, number>()
  const sockets = new Set<Socket>()
  const turns = new Map<string, number>()

  /** The addresses to try, in this order. */
  function addressesFor({ upstream }: ProxyRule): URL[] {
    const addresses = upstreams[upstream] ?? []
    const turn = turns.get(upstream) ?? 0
    turns.set(upstream, turn + 1)
    return addresses.map((_, i) => new URL(addresses[(turn + i) % addresses.length] ?? ''))
  }
  const ruleFor = (req: IncomingMessage) => rules.find(({ fits }) => fits(pathOf(req))) ?? NOWHERE
  const count = ({ origin }: URL) => served.set(origin, (served.get(origin) ?? 0) + 1)

  function pass(
    req: IncomingMessage,
    res: ServerResponse,
    body: Buffer,
    rule: ProxyRule,
    [address, ...others]: URL[] = addressesFor(rule),
  ): void {
    if (address === undefined) return void res.writeHead(502).end()
    const { method, headers, url: path } = req
    const passed = request({ host: address.hostname, port: address.port, method, headers, path }, answer => {
      if (rule.passesOver503 && answer.statusCode === 503 && others.length > 0) {
        answer.resume()
        return pass(req, res, body, rule, others)
      }
      count(address)
      res.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(res)
      answer.on('error', () => res.destroy())
    })
    passed.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNREFUSED') pass(req, res, body, rule, others)
      else res.destroy() // it may have been done: whoever asked has to ask again
    })
    res.on('close', () => passed.destroy())
    passed.end(body)
  }

  function tunnel(
    req: IncomingMessage,
    client: Socket,
    head: Buffer,
    rule: ProxyRule,
    [address, ...others]: URL[] = addressesFor(rule),
  ): void {
    if (address === undefined) return void client.end('HTTP/1.1 502 Bad Gateway\r\n\r\n')
    const server = connect(Number(address.port), address.hostname)
    let isOpen = false
    server.on('connect', () => {
      const headers = req.rawHeaders.flatMap((name, i) => (i % 2 === 0 ? [`${name}: ${req.rawHeaders[i + 1]}`] : []))
      server.write([`GET ${req.url} HTTP/1.1`, ...headers, '', ''].join('\r\n'))
      server.write(head)
    })
    server.once('data', (answer: Buffer) => {
      if (rule.passesOver503 && answer.toString('latin1', 0, 12) === 'HTTP/1.1 503' && others.length > 0) {
        server.destroy()
        return tunnel(req, client, head, rule, others)
      }
      isOpen = true
      count(address)
      client.write(answer)
      server.pipe(client).pipe(server)
    })
    server.on('error', () => (isOpen ? client.destroy() : tunnel(req, client, head, rule, others)))
    server.on('close', () => isOpen && client.destroy())
    client.on('close', () => server.destroy())
  }

  const http = createServer((req, res) => {
    const chunks: Buffer[] = []
    req.on('data', (chunk: Buffer) => chunks.push(chunk))
    req.on('end', () => pass(req, res, Buffer.concat(chunks), ruleFor(req)))
  })
  http.on('upgrade', (req, client: Socket, head) => {
    client.on('error', () => client.destroy())
    tunnel(req, client, head, ruleFor(req))
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

const NOWHERE: ProxyRule = { fits: () => true, upstream: '', passesOver503: false }

const pathOf = ({ url = '/' }: IncomingMessage) => url.split('?')[0] ?? '/'
