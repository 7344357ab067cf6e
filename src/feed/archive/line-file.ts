import { randomUUID } from 'node:crypto'
import { type FileHandle, open, unlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Lines on disk that any one of can be read at once. In memory there are eight bytes of each. */
export interface LineFile {
  readonly count: number
  /** The lines `from` to `to - 1`; the first has the number 0. */
  read(from: number, to: number): Promise<string[]>
  close(): Promise<void>
}

/** What is written in one go, in characters. */
const CHUNK_CHARS = 256 * 1_024

/**
 * Puts lines into a file that has no name any more when this resolves: whatever happens to this process, nothing of it is left.
 * Lines must not have newlines in them.
 */
export async function spoolLines(lines: AsyncIterable<string>): Promise<LineFile> {
  const path = join(tmpdir(), `dateline-${randomUUID()}`)
  const file = await open(path, 'wx+', 0o600)
  try {
    await unlink(path)
    const offsets = await writeAll(file, lines)
    return {
      count: offsets.length - 1,
      read: (from, to) => readLines(file, offsets, from, to),
      close: () => file.close(),
    }
  } catch (error) {
    await file.close()
    throw error
  }
}

/** Where each line begins, and where the last one ends. */
async function writeAll(file: FileHandle, lines: AsyncIterable<string>): Promise<Float64Array> {
  let offsets = new Float64Array(1_024)
  let [count, end, waiting, waitingChars] = [0, 0, [] as string[], 0]
  async function flush(): Promise<void> {
    if (waiting.length > 0) await file.writeFile(`${waiting.join('\n')}\n`)
    ;[waiting, waitingChars] = [[], 0]
  }
  for await (const line of lines) {
    count += 1
    end += Buffer.byteLength(line) + 1
    if (count === offsets.length) offsets = grown(offsets)
    offsets[count] = end
    waiting.push(line)
    waitingChars += line.length
    if (waitingChars >= CHUNK_CHARS) await flush()
  }
  await flush()
  return offsets.slice(0, count + 1)
}

function grown(offsets: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(offsets.length * 2)
  larger.set(offsets)
  return larger
}

async function readLines(file: FileHandle, offsets: Float64Array, from: number, to: number): Promise<string[]> {
  const [start = 0, end = 0] = [offsets[from], offsets[to]]
  if (end <= start) return []
  const bytes = Buffer.allocUnsafe(end - start)
  let read = 0
  while (read < bytes.length) {
    const { bytesRead } = await file.read(bytes, read, bytes.length - read, start + read)
    if (bytesRead === 0) throw new Error('a file of lines ended before its last line')
    read += bytesRead
  }
  return bytes.toString('utf8', 0, bytes.length - 1).split('\n')
}
