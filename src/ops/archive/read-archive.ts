import { archiveFault } from './archive-fault.ts'
import type { ArchiveStore } from './store/archive-store.ts'
import { unpack } from './unpack-archive.ts'

/** No line is longer, in bytes: an update's 64 KB may stand in it three times, escaped twice. */
export const MAX_ARCHIVE_LINE_BYTES = 4 * 1024 * 1024

const NEWLINE = 0x0a
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf])

/**
 * The lines of a gzip'd text, without their newlines, in bounded memory. Throws archive-broken with the line and the
 * fault, and too-large when there are more than `maxBytes` uncompressed.
 */
export async function* readArchive(source: AsyncIterable<Uint8Array>, maxBytes: number): AsyncGenerator<string> {
  let number = 1
  let rest: Buffer[] = []
  let restBytes = 0
  for await (const chunk of unpack(source, maxBytes, () => number)) {
    let from = 0
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, from)) {
      refuseLongLine(restBytes + end - from, number)
      yield decodeLine(joined(rest, chunk.subarray(from, end)), number)
      ;[rest, restBytes, from] = [[], 0, end + 1]
      number += 1
    }
    // A copy of what is left of the chunk: it must not hold on to the whole of it.
    if (from < chunk.length) rest.push(Buffer.from(chunk.subarray(from)))
    restBytes += chunk.length - from
    refuseLongLine(restBytes, number)
  }
  if (restBytes > 0) throw archiveFault('cut', number, 'It has no newline at its end: the archive was cut.')
}

/** The lines of an archive in the store: as many as there are. Rejects with NotStored. */
export async function readStored(store: Pick<ArchiveStore, 'get'>, name: string): Promise<AsyncGenerator<string>> {
  return readArchive(await store.get(name), Number.POSITIVE_INFINITY)
}

function refuseLongLine(bytes: number, line: number): void {
  if (bytes <= MAX_ARCHIVE_LINE_BYTES) return
  throw archiveFault('line-too-long', line, `It has more than ${MAX_ARCHIVE_LINE_BYTES} bytes.`)
}

function joined(rest: readonly Buffer[], last: Buffer): Buffer {
  return rest.length === 0 ? last : Buffer.concat([...rest, last])
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

function decodeLine(bytes: Buffer, line: number): string {
  if (bytes.subarray(0, BYTE_ORDER_MARK.length).equals(BYTE_ORDER_MARK)) {
    throw archiveFault('byte-order-mark', line, 'It begins with a byte order mark, which no archive has.')
  }
  if (bytes.at(-1) === 0x0d) {
    throw archiveFault('carriage-return', line, 'It ends with a carriage return: something converted the line ends.')
  }
  try {
    return decoder.decode(bytes)
  } catch (cause) {
    throw archiveFault('not-utf-8', line, 'It is not UTF-8.', cause)
  }
}
