import type { ArticleWarning, DroppedLines } from '../../../src/protocol/article.ts'
import type { PageLine } from './page-line.ts'

/** What became of each line of a page. A line is free until it is used or dropped, which happens once. */
export interface Ledger {
  readonly lines: readonly PageLine[]
  readonly warnings: readonly ArticleWarning[]
  readonly dropped: readonly DroppedLines[]
  isFree(line: PageLine): boolean
  free(): PageLine[]
  use(...lines: readonly PageLine[]): void
  drop(line: PageLine, reason: string): void
  warn(code: string, detail: string, lines: readonly PageLine[]): void
}

export function createLedger(lines: readonly PageLine[]): Ledger {
  const free = new Set(lines)
  const dropped: DroppedLines[] = []
  const warnings: ArticleWarning[] = []
  return {
    lines,
    warnings,
    get dropped() {
      return dropped.toSorted((a, b) => (a.lines[0] ?? 0) - (b.lines[0] ?? 0))
    },
    isFree: line => free.has(line),
    free: () => lines.filter(line => free.has(line)),
    use(...used) {
      for (const line of used) free.delete(line)
    },
    drop(line, reason) {
      if (!free.delete(line)) return
      dropped.push({ lines: [line.number], text: line.raw, reason })
    },
    warn(code, detail, about) {
      const numbers = new Set(about.map(({ number }) => number))
      warnings.push({ code, detail, lines: [...numbers].toSorted((a, b) => a - b) })
    },
  }
}

/** `line 18`, `lines 18 to 21`, `lines 3 and 9`. */
export function nameLines(lines: readonly PageLine[]): string {
  const numbers = lines.map(({ number }) => number)
  const [first = 0, last = first] = [numbers[0], numbers.at(-1)]
  if (numbers.length <= 1) return `line ${first}`
  if (numbers.length === 2) return `lines ${first} and ${last}`
  return `lines ${first} to ${last}`
}
