import { type Edit, editRuns, runsOf, type TextRun } from './body/text-of-blocks.ts'
import { describeChange } from './describe-change.ts'
import type { StepNote, StepResult } from './step.ts'
import type { WorkingDraft } from './working-draft.ts'

/** More notes than this help nobody: the desk shows the raw text beside the cleaned one. */
const MAX_NOTES = 20

/** The body with every run changed as `edit` says (in order, none overlapping), and a note for each that changed. */
export function changeBodyText(draft: WorkingDraft, edit: (run: TextRun) => readonly Edit[]): StepResult {
  const edits = new Map<number, readonly Edit[]>()
  const notes: StepNote[] = []
  runsOf(draft.blocks).forEach((run, i) => {
    const own = edit(run).filter(({ start, end, text }) => run.text.slice(start, end) !== text)
    if (own.length === 0) return
    edits.set(i, own)
    if (edits.size <= MAX_NOTES) notes.push(...describeChange('body', run.text, applyEdits(run.text, own)))
  })
  if (edits.size === 0) return { draft, notes: [] }
  if (edits.size > MAX_NOTES)
    notes.push({ warning: `${edits.size - MAX_NOTES} more paragraphs were changed likewise.` })
  return { draft: { ...draft, blocks: editRuns(draft.blocks, edits) }, notes }
}

/** A text with its edits (in order, none overlapping) done. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  let result = ''
  let from = 0
  for (const edit of edits) {
    result += text.slice(from, edit.start) + edit.text
    from = edit.end
  }
  return result + text.slice(from)
}
