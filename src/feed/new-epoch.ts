import { randomBytes } from 'node:crypto'

/** A random id for a new numbering of a feed. */
export function newEpoch(): string {
  return randomBytes(8).toString('hex')
}
