import { hash } from 'node:crypto'
import { readLineHead } from '../protocol/entry.ts'

/** Tells at the beginning of a line that it is none, so that long lines are not searched. */
const PURGED = /^\{"seq":\d+,"at":"[^"]*","type":"purged",.*"digest":"([0-9a-f]{40})"\}$/

/**
 * Whether a line follows on `chain`: its own chain is sha1(chain before + sha1 of the line without its chain).
 * A purged line carries the digest of the line it stands for. It shows loss, reordering and alteration; it is no signature.
 */
export function isLinked(chainBefore: string, line: string, head = readLineHead(line)): boolean {
  if (head === undefined) return false
  const purged = PURGED.exec(head.unchained)?.[1]
  return head.chain === sha1(chainBefore + (purged ?? sha1(head.unchained)))
}

function sha1(text: string): string {
  return hash('sha1', text)
}
