import { readLineHead } from '../protocol/entry.ts'
import { formatPosition, type Position } from '../protocol/position.ts'
import { streamEvent } from './event-stream.ts'

/** One message, encoded once for however many viewers get it. */
export interface Frame {
  /** The Socket.IO packet, as engine.io sends it: `2["entry",...]`. */
  readonly packet: string
  /** The whole websocket frame (RFC 6455) around `4` and the packet. */
  readonly bytes: Buffer
  /** The same as an event of an event stream. Made when the first viewer needs it. */
  readonly streamBytes: Buffer
}

/** An entry of a feed as a frame, and what a room must know of it. */
export interface EntryFrame extends Frame {
  readonly seq: number
  readonly chain: string
  readonly line: string
}

/** The frame of `entry` (room, epoch, entry); undefined when the line is none of ours. The line is not parsed. */
export function entryFrame(room: string, epoch: string, line: string): EntryFrame | undefined {
  const head = readLineHead(line)
  if (head === undefined) return undefined
  const { seq, chain } = head
  const start = `2["entry",${JSON.stringify(room)},${JSON.stringify(epoch)},`
  let streamBytes: Buffer | undefined
  return {
    ...{ bytes: textFrame(`4${start}`, line, ']'), seq, chain, line },
    // Made anew for each viewer that takes the slow way: they are few, and most entries have none.
    get packet() {
      return `${start}${line}]`
    },
    get streamBytes() {
      streamBytes ??= entryEvent({ epoch, seq, chain }, line)
      return streamBytes
    },
  }
}

/** An entry as an event of an event stream: `id` is the position behind it, `data` its line. */
export function entryEvent(position: Position, line: string): Buffer {
  return streamEvent({ id: formatPosition(position), json: line })
}

/** The frame of another Socket.IO event in the default namespace; of event streams, an event of that name with the same JSON. */
export function eventFrame(name: string, json: string): Frame {
  const packet = `2["${name}",${json}]`
  return { packet, bytes: textFrame(`4${packet}`), streamBytes: streamEvent({ name, json }) }
}

/** Frames that go out together, by one write for each viewer. Their bytes are joined once for all who get them. */
export class Parcel {
  readonly frames: readonly Frame[]
  #bytes: Buffer | undefined
  #streamBytes: Buffer | undefined

  constructor(frames: readonly Frame[]) {
    this.frames = frames
  }

  /** For websockets. */
  get bytes(): Buffer {
    this.#bytes ??= joined(this.frames.map(frame => frame.bytes))
    return this.#bytes
  }

  /** For event streams. */
  get streamBytes(): Buffer {
    this.#streamBytes ??= joined(this.frames.map(frame => frame.streamBytes))
    return this.#streamBytes
  }
}

function joined(buffers: readonly Buffer[]): Buffer {
  const [first] = buffers
  return buffers.length === 1 && first !== undefined ? first : Buffer.concat(buffers)
}

/** An unmasked, final text frame (RFC 6455, section 5.2), as servers send it, of texts that need not be put together before. */
function textFrame(...texts: readonly string[]): Buffer {
  let length = 0
  for (const text of texts) length += Buffer.byteLength(text)
  const headerLength = length < 126 ? 2 : length < 65_536 ? 4 : 10
  const frame = Buffer.allocUnsafe(headerLength + length)
  frame[0] = 0x81
  if (headerLength === 2) {
    frame[1] = length
  } else if (headerLength === 4) {
    frame[1] = 126
    frame.writeUInt16BE(length, 2)
  } else {
    frame[1] = 127
    frame.writeBigUInt64BE(BigInt(length), 2)
  }
  let at = headerLength
  for (const text of texts) at += frame.write(text, at)
  return frame
}
