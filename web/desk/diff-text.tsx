import { wordDiff } from './word-diff.ts'

export interface DiffTextProps {
  readonly before: string
  readonly after: string
  /** BCP 47: whose words they are. */
  readonly language: string
}

/** What became of a text, with what went struck through and what came underlined, also for those who hear it. */
export function DiffText({ before, after, language }: DiffTextProps) {
  return (
    <span class="diff text" lang={language} dir="auto">
      {wordDiff(before, after, language).map(({ kind, text }, index) => {
        const key = `${index} ${kind}`
        if (kind === 'gone') return <del key={key}>{text}</del>
        if (kind === 'new') return <ins key={key}>{text}</ins>
        return <span key={key}>{text}</span>
      })}
    </span>
  )
}
