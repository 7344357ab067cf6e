import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** What becomes of a connection, by its first request. */
export type Treatment =
  /** Goes through, both ways. */
  | 'pass'
  /** Answered 403, as by a proxy that lets no such thing through. */
  | 'refuse'
  /** Taken, and never answered. */
  | 'swallow'
  /** What the server sends is kept until `HELD_BYTES` of it have come. */
  | 'hold'

export interface HostileNetwork {
  readonly url: string
  /** The treatment of what is asked from now on; what is not named passes. */
  treat: Partial<Record<'websocket' | 'stream' | 'other', Treatment>>
  /** Long-polls are cut after so long. */
  patienceMs: number | undefined
  /** How much of each kind was asked. */
  readonly begun: { websocket: number; stream: number; other: number }
  /** The first lines and headers of what was asked. */
  readonly heads: string[]
  /** Breaks open connections, as a network does that fails. */
  cut(kind?: 'websocket' | 'stream' | 'other'): void
  open(kind: 'websocket' | 'stream' | 'other'): number
  stop(): Promise<void>
}

const REFUSED = 'HTTP/1.1 403 Forbidden\r\nContent-Type: text/html\r\nConnection: close\r\nContent-Length: 2\r\n\r\nNo'

/** As much as some proxies gather before they pass it on. */
const HELD_BYTES = 65_536

/** A small TCP proxy before a server, which treats websockets, event streams and the rest as it is told. */
export async function startHostileNetwork(upstream: string): Promise<HostileNetwork> {
  const { hostname, port } = new URL(upstream)
  const connections = new Map<Socket, 'websocket' | 'stream' | 'other'>()
  const network: HostileNetwork = {
    url: '',
    treat: {},
    patienceMs: undefined,
    begun: { websocket: 0, stream: 0, other: 0 },
    heads: [],
    cut(kind) {
      for (const [socket, its] of connections) if (kind === undefined || its === kind) socket.resetAndDestroy()
    },
    open: kind => [...connections.values()].filter(its => its === kind).length,
    async stop() {
      const closed = once(listener, 'close')
      listener.close()
      for (const socket of connections.keys()) socket.destroy()
      await closed
    },
  }

  const listener = createServer(client => {
    const server = connect(Number(port), hostname)
    const held: Buffer[] = []
    let treatment: Treatment = 'pass'
    server.on('error', () => client.destroy())
    server.on('close', () => client.destroy())
    client.on('error', () => client.destroy())
    client.on('close', () => {
      connections.delete(client)
      server.destroy()
    })
    client.on('data', chunk => {
      const head = chunk.toString('latin1').split('\r\n\r\n')[0] ?? ''
      if (/^[A-Z]+ \S+ HTTP\/1\.1\r\n/.test(head)) treatment = judge(client, head)
      if (treatment === 'refuse') client.end(REFUSED)
      else if (treatment !== 'swallow') server.write(chunk)
    })
    server.on('data', chunk => {
      held.push(chunk)
      if (treatment === 'hold' && held.reduce((sum, { length }) => sum + length, 0) < HELD_BYTES) return
      for (const piece of held.splice(0)) client.write(piece)
    })
  })

  function judge(client: Socket, head: string): Treatment {
    const kind = kindOf(head)
    network.begun[kind] += 1
    network.heads.push(head)
    connections.set(client, kind)
    if (network.patienceMs !== undefined && /^GET \S*[?&]wait=/.test(head)) {
      const timer = setTimeout(() => client.resetAndDestroy(), network.patienceMs)
      client.once('close', () => clearTimeout(timer))
    }
    return network.treat[kind] ?? 'pass'
  }

  listener.listen(0, '127.0.0.1')
  await once(listener, 'listening')
  return Object.assign(network, { url: `http://127.0.0.1:${(listener.address() as AddressInfo).port}` })
}

function kindOf(head: string): 'websocket' | 'stream' | 'other' {
  if (/^upgrade: *websocket/im.test(head)) return 'websocket'
  return /^GET \S*\/stream[ ?]/.test(head) ? 'stream' : 'other'
}
