import { Decoder, Encoder, type Packet, PacketType } from 'socket.io-parser'

/** JSON that was made once and is sent as it is. */
export class ReadyJson {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

/** Socket.IO's own encoder, but for acks that carry a ReadyJson: their text is not parsed, walked or made again. */
class ReadyEncoder extends Encoder {
  override encode(packet: Packet): unknown[] {
    const data: unknown = packet.data
    if (packet.type !== PacketType.ACK || !Array.isArray(data) || !(data[0] instanceof ReadyJson)) {
      return super.encode(packet)
    }
    const namespace = packet.nsp === '/' ? '' : `${packet.nsp},`
    return [`${PacketType.ACK}${namespace}${packet.id ?? ''}[${data[0].text}]`]
  }
}

/** The `parser` option of a Socket.IO server. */
export const readyJsonParser = { Encoder: ReadyEncoder, Decoder }
