import { Refusal } from '../../foundation/errors.ts'
import type { ArchiveFault } from '../../protocol/archive.ts'

/** What is wrong with an archive, at which of its lines (the manifest is line 1), and what kind of fault it is. */
export function archiveFault(fault: ArchiveFault, line: number, detail: string, cause?: unknown): Refusal {
  const text = `Line ${line}: ${detail}`
  return new Refusal('archive-broken', text, { extra: { line, fault }, ...(cause === undefined ? {} : { cause }) })
}
