import { type LineHead, readLineHead } from '../protocol/entry.ts'
import { formatPosition, type Position } from '../protocol/position.ts'
import { streamEvent } from './event-stream.ts'

/** One message, encoded once for however many viewers get it. */
export interface Frame {
  /** The Socket.IO packet, as engine.io sends it: `2["entry",...]`. */
  readonly packet: string
  /** The whole websocket frame (RFC 6455) around `4` and the packet. Made when it is needed by itself. */
  readonly bytes: Buffer
  /** The length of `bytes`. */
  readonly byteLength: number
  /** Writes what `bytes` is at a place of a buffer; gives the place behind it. */
  write(into: Buffer, at: number): number
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
export function entryFrame(
  room: string,
  epoch: string,
  line: string,
  head: LineHead | undefined = readLineHead(line),
): EntryFrame | undefined {
  if (head === undefined) return undefined
  const { seq, chain } = head
  const frame = new TextFrame(`2["entry",${JSON.stringify(room)},${JSON.stringify(epoch)},`, line, () =>
    entryEvent({ epoch, seq, chain }, line),
  )
  return Object.assign(frame, { seq, chain, line })
}

/** An entry as an event of an event stream: `id` is the position behind it, `data` its line. */
export function entryEvent(position: Position, line: string): Buffer {
  return streamEvent({ id: formatPosition(position), json: line })
}

/** The frame of another Socket.IO event in the default namespace; of event streams, an event of that name with the same JSON. */
export function eventFrame(name: string, json: string): Frame {
  return new TextFrame(`2["${name}",`, json, () => streamEvent({ name, json }))
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
    this.#bytes ??= inOne(this.frames)
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

/** All frames in one buffer, written there at once: at full speed most of them are never needed by themselves. */
function inOne(frames: readonly Frame[]): Buffer {
  const [first] = frames
  if (frames.length === 1 && first !== undefined) return first.bytes
  const buffer = Buffer.allocUnsafe(frames.reduce((sum, { byteLength }) => sum + byteLength, 0))
  let at = 0
  for (const frame of frames) at = frame.write(buffer, at)
  return buffer
}

/** An unmasked, final text frame (RFC 6455, section 5.2), as servers send it: of `4`, a start, a text, and a bracket. */
class TextFrame implements Frame {
  readonly byteLength: number
  readonly #start: string
  readonly #text: string
  readonly #payloadLength: number
  readonly #makeStreamBytes: () => Buffer
  #bytes: Buffer | undefined
  #streamBytes: Buffer | undefined

  constructor(start: string, text: string, makeStreamBytes: () => Buffer) {
    this.#start = start
    this.#text = text
    this.#makeStreamBytes = makeStreamBytes
    this.#payloadLength = 1 + Buffer.byteLength(start) + Buffer.byteLength(text) + 1
    this.byteLength = headerLength(this.#payloadLength) + this.#payloadLength
  }

  /** Made anew for each viewer that takes the slow way: they are few, and most frames have none. */
  get packet(): string {
    return `${this.#start}${this.#text}]`
  }

  get bytes(): Buffer {
    if (this.#bytes === undefined) {
      this.#bytes = Buffer.allocUnsafe(this.byteLength)
      this.write(this.#bytes, 0)
    }
    return this.#bytes
  }

  get streamBytes(): Buffer {
    this.#streamBytes ??= this.#makeStreamBytes()
    return this.#streamBytes
  }

  write(into: Buffer, at: number): number {
    const length = this.#payloadLength
    into[at] = 0x81
    if (length < 126) {
      into[at + 1] = length
    } else if (length < 65_536) {
      into[at + 1] = 126
      into.writeUInt16BE(length, at + 2)
    } else {
      into[at + 1] = 127
      into.writeBigUInt64BE(BigInt(length), at + 2)
    }
    let end = at + headerLength(length)
    end += into.write(`4${this.#start}`, end)
    end += into.write(this.#text, end)
    return end + into.write(']', end)
  }
}

function headerLength(payloadLength: number): number {
  if (payloadLength < 126) return 2
  return payloadLength < 65_536 ? 4 : 10
}
