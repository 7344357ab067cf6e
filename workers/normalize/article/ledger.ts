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

/** `line 18`, `lines 3 and 9`, `lines 18 to 21`, `lines 18 to 20 and 29`. */
export function nameLines(lines: readonly PageLine[]): string {
  const spans: { from: number; to: number }[] = []
  for (const { number } of lines) {
    const last = spans.at(-1)
    if (last !== undefined && number === last.to + 1) last.to = number
    else spans.push({ from: number, to: number })
  }
  const named = spans.map(({ from, to }) => (from === to ? `${from}` : `${from} to ${to}`))
  const all = [named.slice(0, -1).join(', '), ...named.slice(-1)].filter(part => part !== '').join(' and ')
  return `${lines.length === 1 ? 'line' : 'lines'} ${all}`
}
