import type { TextLine } from './body/text-of-blocks.ts'
import { type Sentence, sentencesOf } from './sentences.ts'

interface Known {
  readonly language: string
  readonly sentences: readonly Sentence[]
}

/** Lines never change, so the sentences of one are told apart once, however many steps ask. */
const known = new WeakMap<TextLine, Known>()

/** The sentences of a line of a body. Their places are those in the line. */
export function sentencesOfLine(line: TextLine, language: string): readonly Sentence[] {
  const before = known.get(line)
  if (before?.language === language) return before.sentences
  const sentences = sentencesOf(line.text, language)
  known.set(line, { language, sentences })
  return sentences
}
