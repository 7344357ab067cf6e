import { painter, wrapped } from '../terminal-text.ts'
import type { Finding } from './finding.ts'

const LABELS = { ok: ['green', 'ok'], warn: ['yellow', 'warn'], fail: ['red', 'FAIL'] } as const
const INDENT = ' '.repeat(6)

/** Pure: what was found for a terminal: a line or more for each check, and the remedy below what is not well. */
export function reportText(findings: readonly Finding[], isColoured: boolean): string {
  const paint = painter(isColoured)
  const lines = findings.flatMap(finding => {
    const [style, label] = LABELS[finding.result]
    const [first = '', ...rest] = wrapped(finding.says, INDENT)
    const remedy = finding.result === 'ok' ? [] : wrapped(`To do: ${finding.remedy}`, INDENT)
    return [`${paint(style, label)}${' '.repeat(INDENT.length - label.length)}${first.trimStart()}`, ...rest, ...remedy]
  })
  const count = (result: Finding['result']) => findings.filter(finding => finding.result === result).length
  return `${lines.join('\n')}\n${count('ok')} ok, ${count('warn')} to look at, ${count('fail')} failed\n`
}
