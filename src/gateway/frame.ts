import { readLineHead } from '../protocol/entry.ts'

/** One message, encoded once for however many viewers get it. */
export interface Frame {
  /** The Socket.IO packet, as engine.io sends it: `2["entry",...]`. */
  readonly packet: string
  /** The whole websocket frame (RFC 6455) around `4` and the packet. */
  readonly bytes: Buffer
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
  const frame = eventFrame(`"entry",${JSON.stringify(room)},${JSON.stringify(epoch)},${line}`)
  return { ...frame, seq: head.seq, chain: head.chain, line }
}

/** The frame of a Socket.IO event in the default namespace; `args` is its JSON without the brackets. */
export function eventFrame(args: string): Frame {
  const packet = `2[${args}]`
  return { packet, bytes: textFrame(`4${packet}`) }
}

/** Several frames as one buffer, to be sent by one write. */
export function joined(frames: readonly Frame[]): Buffer {
  const [first] = frames
  return frames.length === 1 && first !== undefined ? first.bytes : Buffer.concat(frames.map(frame => frame.bytes))
}

/** An unmasked, final text frame (RFC 6455, section 5.2), as servers send it. */
function textFrame(text: string): Buffer {
  const length = Buffer.byteLength(text)
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
  frame.write(text, headerLength)
  return frame
}
