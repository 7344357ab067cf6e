import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { Refusal } from '../../foundation/errors.ts'
import { archiveFault } from './archive-fault.ts'

/** What is packed more tightly than this is no feed. The first bytes may be: so few harm nobody. */
export const MAX_ARCHIVE_RATIO = 500
const RATIO_COUNTS_FROM_BYTES = 2 * 1024 * 1024

const CHUNK_BYTES = 64 * 1024
/** RFC 1952, section 2.3.1. */
const GZIP_START = [0x1f, 0x8b]

/**
 * Gunzips in bounded memory, and no further than it is read. Throws archive-broken, at the line that is being read then, and
 * too-large when there are more than `maxBytes` unpacked. What `source` throws is thrown as it is.
 */
export async function* unpack(
  source: AsyncIterable<Uint8Array>,
  maxBytes: number,
  lineNow: () => number,
): AsyncGenerator<Buffer> {
  const gunzip = createGunzip({ chunkSize: CHUNK_BYTES })
  let [packed, unpacked] = [0, 0]
  const start: number[] = []
  async function* counted() {
    for await (const chunk of source) {
      packed += chunk.length
      if (start.length < GZIP_START.length) start.push(...chunk.subarray(0, GZIP_START.length - start.length))
      yield chunk
    }
  }
  const feeding = pipeline(counted(), gunzip).then(
    () => undefined,
    (error: unknown) => error,
  )
  try {
    for await (const chunk of gunzip as AsyncIterable<Buffer>) {
      unpacked += chunk.length
      if (unpacked > maxBytes) throw tooLarge(maxBytes)
      // Of what came, as much as was unpacked so far.
      const ratio = unpacked / gunzip.bytesWritten
      if (unpacked > RATIO_COUNTS_FROM_BYTES && ratio > MAX_ARCHIVE_RATIO) throw bomb(lineNow())
      yield chunk
    }
  } catch (error) {
    throw isOfZlib(error) ? unpackFault(error, isGzip(start), lineNow()) : error
  }
  const trouble = await feeding
  // gunzip ends with the archive; that there is more shows here, or as trouble, as the chunks happen to be cut.
  if (gunzip.bytesWritten < packed || isOfZlib(trouble)) throw trailing(lineNow())
  if (trouble !== undefined) throw trouble
}

export function tooLarge(maxBytes: number): Refusal {
  return new Refusal('too-large', `The archive may have ${maxBytes} bytes at most, unpacked.`)
}

function isOfZlib(error: unknown): error is Error {
  const code = error instanceof Error ? String((error as NodeJS.ErrnoException).code) : ''
  return code.startsWith('Z_') || code === 'ERR_STREAM_PREMATURE_CLOSE'
}

function isGzip(start: readonly number[]): boolean {
  return GZIP_START.every((byte, i) => start[i] === byte)
}

function unpackFault(error: Error, beginsAsGzip: boolean, line: number): Refusal {
  switch (error.message) {
    case 'incorrect header check':
      return beginsAsGzip ? trailing(line) : archiveFault('not-gzip', line, 'This is not gzip.', error)
    case 'unexpected end of file':
      return archiveFault('cut', line, 'The archive was cut here.', error)
    case 'Premature close':
      return trailing(line)
    default:
      return archiveFault('damaged', line, `The archive is damaged: ${error.message}.`, error)
  }
}

function trailing(line: number): Refusal {
  return archiveFault('trailing-bytes', line, 'There are bytes behind the end of the archive.')
}

function bomb(line: number): Refusal {
  return archiveFault('bomb', line, `It unpacks to more than ${MAX_ARCHIVE_RATIO} times its size: this is no feed.`)
}
