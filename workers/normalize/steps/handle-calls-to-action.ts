import { type Edit, editRuns, linksOf, runsOf, type TextLine } from '../body/text-of-blocks.ts'
import { isCallToAction } from '../call-to-action.ts'
import { describeRemoval } from '../describe-change.ts'
import type { Sentence } from '../sentences.ts'
import { type LineOfSentences, sentencesOfBody } from '../sentences-of-body.ts'
import type { NormalizationStep, StepNote, StepResult } from '../step.ts'
import type { WorkingDraft } from '../working-draft.ts'

/** More warnings than this help nobody. */
const MAX_WARNINGS = 20

/**
 * Sentences that call readers to follow, subscribe or click: a warning, or removed where the event's settings say so. They
 * stay, with a warning, when nothing else would be left to read.
 *
 *     'They met. Follow our live feed to find out more!'   ->  'They met.', or a warning
 */
export const handleCallsToAction: NormalizationStep = {
  name: 'calls-to-action',
  takesAway: true,
  apply(draft, { settings }) {
    const lines = sentencesOfBody(draft.blocks, draft.inLanguage).map(readLine)
    const calls = lines.flatMap(line => line.calls.map(i => line.sentences[i]?.text ?? ''))
    if (calls.length === 0) return { draft, notes: [] }
    const isAll = lines.every(line => line.calls.length === line.sentences.length)
    if (settings.callsToAction === 'remove' && !isAll) return remove(draft, lines)
    const notes = calls.slice(0, MAX_WARNINGS).map(call => ({ warning: `This calls readers to action: “${call}”` }))
    return { draft, notes }
  },
}

interface ReadLine {
  readonly line: TextLine
  readonly sentences: readonly Sentence[]
  /** Indexes of those that call. */
  readonly calls: readonly number[]
}

function readLine({ line, sentences }: LineOfSentences): ReadLine {
  const calls = sentences.flatMap(({ text }, i) => (isCallToAction(text) ? [i] : []))
  return { line, sentences, calls }
}

function remove(draft: WorkingDraft, lines: readonly ReadLine[]): StepResult {
  const runs = runsOf(draft.blocks)
  const edits = new Map<number, Edit[]>()
  for (const read of lines) {
    if (read.calls.length === 0) continue
    const { run } = read.line
    edits.set(run, [...(edits.get(run) ?? []), ...editsOf(read, runs[run]?.text ?? '')])
  }
  const notes = [...edits].flatMap(([i, own]): StepNote[] => {
    const run = runs[i]
    if (run === undefined) return []
    const links = linksOf(run)
    return own.map(({ start, end }) => {
      const text = run.text.slice(start, end).trim()
      const addresses = links.filter(link => link.start < end && link.end > start).map(({ href }) => href)
      return describeRemoval('body', [text, ...addresses.filter(href => !text.includes(href))].join(' '))
    })
  })
  return { draft: { ...draft, blocks: editRuns(draft.blocks, edits) }, notes }
}

/** A whole line goes with its line end; a sentence with the space before it or, when it comes first, after it. */
function editsOf({ line, sentences, calls }: ReadLine, text: string): Edit[] {
  if (calls.length === sentences.length) {
    const lineEnd = text.indexOf('\n', line.end)
    return [{ start: line.start, end: lineEnd < 0 ? line.end : lineEnd + 1, text: '' }]
  }
  const edits: Edit[] = []
  for (const i of calls) {
    const [before, after] = [sentences[i - 1], sentences[i + 1]]
    const start = Math.max(before?.end ?? 0, (edits.at(-1)?.end ?? line.start) - line.start)
    const end = before === undefined && after !== undefined ? after.start : (sentences[i]?.end ?? start)
    edits.push({ start: line.start + start, end: line.start + end, text: '' })
  }
  return edits
}
