import type { Frame, Parcel } from './frame.ts'

/**
 * What of a connection is needed to write websocket frames straight to its socket. These are fields of engine.io and ws
 * that their types do not show: `missingFields` looks whether they are there.
 */
export interface Wire {
  readonly writeBuffer: readonly { readonly data?: unknown }[]
  readonly transport: {
    readonly writable: boolean
    readonly socket?: {
      readonly readyState: number
      readonly bufferedAmount: number
      readonly _sender?: { readonly _state?: number; sendFrame?(list: readonly Buffer[]): void }
    }
  }
  /** The public way. */
  write(packet: string, options: { compress: boolean }): unknown
}

const WEBSOCKET_OPEN = 1
const SENDER_IDLE = 0

/** Of an open websocket connection on which nothing is on its way: which fields are not as `writeStraight` needs them. */
export function missingFields(conn: object): string[] {
  const wire = conn as Partial<Wire>
  const { transport } = wire
  const sender = transport?.socket?._sender
  const found = {
    writeBuffer: Array.isArray(wire.writeBuffer) && wire.writeBuffer.length === 0,
    'transport.writable': transport?.writable === true,
    'transport.socket.readyState': transport?.socket?.readyState === WEBSOCKET_OPEN,
    'transport.socket.bufferedAmount': transport?.socket?.bufferedAmount === 0,
    'transport.socket._sender._state': sender?._state === SENDER_IDLE,
    'transport.socket._sender.sendFrame': typeof sender?.sendFrame === 'function',
  }
  return Object.entries(found).flatMap(([field, isThere]) => (isThere ? [] : [field]))
}

/**
 * Writes ready-made frames to the socket itself, by one write. Only when nothing of ours is on its way through engine.io,
 * which it would overtake: false when that is so, or when it is no open websocket; nothing was written then.
 */
export function writeStraight({ transport, writeBuffer }: Wire, { bytesInList }: Parcel): boolean {
  const { socket } = transport
  const sender = socket?._sender
  const isIdle =
    transport.writable &&
    writeBuffer.length === 0 &&
    socket?.readyState === WEBSOCKET_OPEN &&
    sender?._state === SENDER_IDLE
  if (!isIdle || sender?.sendFrame === undefined) return false
  sender.sendFrame(bytesInList)
  return true
}

/** Hands frames to engine.io, which makes frames of its own for whatever transport the connection is on. */
export function writeByEngine(wire: Wire, frames: readonly Frame[]): void {
  for (const { packet } of frames) wire.write(packet, { compress: false })
}

/** What waits on this side of the network, in bytes: in engine.io, and behind the websocket. */
export function waitingBytes({ writeBuffer, transport }: Wire): number {
  let bytes = transport.socket?.bufferedAmount ?? 0
  for (const { data } of writeBuffer) if (typeof data === 'string') bytes += data.length
  return bytes
}
