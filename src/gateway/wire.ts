import type { Frame } from './frame.ts'

/**
 * What of a connection is needed to write websocket frames straight to the stream below it. Some of these are fields of
 * engine.io and ws that their types do not show: `missingFields` looks whether they are there.
 */
export interface Wire {
  readonly writeBuffer: readonly { readonly data?: unknown }[]
  readonly transport: Transport
  /** The public way. */
  write(packet: string, options: { compress: boolean }): unknown
}

interface Transport {
  readonly name: string
  /** Nothing of ours is on its way through engine.io. */
  readonly writable: boolean
  readonly socket?: WebSocketBelow
}

interface WebSocketBelow {
  readonly readyState: number
  readonly bufferedAmount: number
  /** What was agreed on, such as compression. */
  readonly extensions: string
  readonly _socket?: StreamBelow
}

interface StreamBelow {
  readonly writableLength: number
  write(bytes: Buffer): unknown
}

/** The three things that a write looks at: all others cost a viewer more than what is done with them. */
export interface Line {
  readonly transport: Pick<Transport, 'writable'>
  readonly websocket: Pick<WebSocketBelow, 'readyState'>
  readonly stream: StreamBelow
}

const WEBSOCKET_OPEN = 1

/** Of an open websocket connection on which nothing is on its way: which fields are not as a line needs them. */
export function missingFields(conn: object): string[] {
  const { writeBuffer, transport } = conn as Partial<Wire>
  const websocket = transport?.socket
  const stream = websocket?._socket
  const found = {
    writeBuffer: Array.isArray(writeBuffer) && writeBuffer.length === 0,
    'transport.name': transport?.name === 'websocket',
    'transport.writable': transport?.writable === true,
    'transport.socket.readyState': websocket?.readyState === WEBSOCKET_OPEN,
    'transport.socket.bufferedAmount': websocket?.bufferedAmount === 0,
    'transport.socket.extensions': websocket?.extensions === '',
    'transport.socket._socket.writableLength': stream?.writableLength === 0,
    'transport.socket._socket.write': typeof stream?.write === 'function',
  }
  return Object.entries(found).flatMap(([field, isThere]) => (isThere ? [] : [field]))
}

/**
 * The line of a connection for as long as it stands: a connection that is on a websocket never changes to something else.
 * Undefined while it is on another transport, or compresses.
 */
export function lineOf({ transport }: Wire): Line | undefined {
  const websocket = transport.socket
  const stream = websocket?._socket
  if (transport.name !== 'websocket' || websocket?.extensions !== '' || stream === undefined) return undefined
  return { transport, websocket, stream }
}

/**
 * Whether frames may be written to the stream: nothing of ours is on its way through engine.io, which they would overtake,
 * and no close frame was sent or came.
 */
export function isFree({ transport, websocket }: Line): boolean {
  return transport.writable && websocket.readyState === WEBSOCKET_OPEN
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
