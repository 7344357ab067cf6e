import type { HtmlNode } from './body/html-tree.ts'
import { linesOf, type TextLine } from './body/text-of-blocks.ts'
import { rememberLast } from './remember-last.ts'
import { type Sentence, sentencesOf } from './sentences.ts'

/** A line of a body, and its sentences; their places are those in the line. */
export interface LineOfSentences {
  readonly line: TextLine
  readonly sentences: readonly Sentence[]
}

/** The lines of a body with their sentences. They are told apart once, however many steps ask. */
export function sentencesOfBody(blocks: readonly HtmlNode[], language: string): readonly LineOfSentences[] {
  const known = byLanguage(blocks)
  const before = known.get(language)
  if (before !== undefined) return before
  const lines = linesOf(blocks).map(line => ({ line, sentences: sentencesOf(line.text, language) }))
  known.set(language, lines)
  return lines
}

const byLanguage = rememberLast((_: readonly HtmlNode[]) => new Map<string, readonly LineOfSentences[]>())
