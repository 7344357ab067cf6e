import type { Position } from './position.ts'

/* Apart from the schemas, so that a reader's phone need not load a schema library. */

/** `epoch:seq:chain`, as in ETags, SSE ids and `?after=`. A rehearsal's epoch has a colon of its own. */
export function formatPosition({ epoch, seq, chain }: Position): string {
  return `${epoch}:${seq}:${chain}`
}

/** The position in `epoch:seq:chain` (the chain may be empty), or undefined. */
export function parsePosition(text: string): Position | undefined {
  const match = /^(.{1,100}):(\d{1,15}):([0-9a-f]{40})?$/.exec(text)
  if (match === null) return undefined
  return { epoch: match[1] ?? '', seq: Number(match[2]), chain: match[3] ?? '' }
}
