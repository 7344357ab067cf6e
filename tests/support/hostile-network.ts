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
  /** The treatment of connections that begin now. */
  treat: Partial<Record<'websocket' | 'stream' | 'other', Treatment>>
  /** Connections of each kind that were begun. */
  readonly begun: { websocket: number; stream: number; other: number }
  /** The first lines and headers of what was asked. */
  readonly heads: string[]
  /** Ends every open connection of a kind; `RST` as a network does that fails. */
  cut(kind?: 'websocket' | 'stream' | 'other'): void
  open(kind: 'websocket' | 'stream' | 'other'): number
  stop(): Promise<void>
}

/** As much as some proxies gather before they pass it on. */
const HELD_BYTES = 65_536

/** A small TCP proxy before a server, which treats websockets, event streams and the rest as it is told. */
export async function startHostileNetwork(upstream: string): Promise<HostileNetwork> {
  const { hostname, port } = new URL(upstream)
  const connections = new Map<Socket, 'websocket' | 'stream' | 'other'>()
  const network: HostileNetwork = {
    url: '',
    treat: {},
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
    client.on('error', () => client.destroy())
    client.once('data', first => {
      const head = first.toString('latin1').split('\r\n\r\n')[0] ?? ''
      const kind = kindOf(head)
      network.begun[kind] += 1
      network.heads.push(head)
      connections.set(client, kind)
      client.on('close', () => connections.delete(client))
      const treatment = network.treat[kind] ?? 'pass'
      if (treatment === 'swallow') return
      if (treatment === 'refuse') {
        client.end(
          'HTTP/1.1 403 Forbidden\r\nContent-Type: text/html\r\nConnection: close\r\nContent-Length: 2\r\n\r\nNo',
        )
        return
      }
      pass(client, first, treatment === 'hold')
    })
  })

  function pass(client: Socket, first: Buffer, isHeld: boolean): void {
    const server = connect(Number(port), hostname)
    const held: Buffer[] = []
    server.on('error', () => client.destroy())
    server.on('close', () => client.destroy())
    client.on('close', () => server.destroy())
    server.on('data', chunk => {
      held.push(chunk)
      if (isHeld && held.reduce((sum, { length }) => sum + length, 0) < HELD_BYTES) return
      for (const piece of held.splice(0)) client.write(piece)
    })
    server.write(first)
    client.on('data', chunk => server.write(chunk))
  }

  listener.listen(0, '127.0.0.1')
  await once(listener, 'listening')
  return Object.assign(network, { url: `http://127.0.0.1:${(listener.address() as AddressInfo).port}` })
}

/** One connection may carry several requests: what its first one is decides. */
function kindOf(head: string): 'websocket' | 'stream' | 'other' {
  if (/^upgrade: *websocket/im.test(head)) return 'websocket'
  return /^GET \S*\/stream[ ?]/.test(head) ? 'stream' : 'other'
}
