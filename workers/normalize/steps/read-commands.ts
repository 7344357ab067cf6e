import type { HtmlNode } from '../body/html-tree.ts'
import { type Edit, editRuns, linesOf, type TextLine } from '../body/text-of-blocks.ts'
import { tidyTree } from '../body/tidy-tree.ts'
import { describeRemoval } from '../describe-change.ts'
import type { NormalizationStep } from '../step.ts'
import type { WorkingDraft } from '../working-draft.ts'
import { embedLines } from './find-embeds.ts'
import { keywordLines } from './read-keywords.ts'

type Flag = 'isKeyEvent' | 'isBreaking' | 'isSummary'

const FLAGS: Readonly<Record<string, Flag>> = { key: 'isKeyEvent', breaking: 'isBreaking', summary: 'isSummary' }

/**
 * What editors type before or behind a text to say what it is: the flag is set, the command leaves the body.
 *
 *     '/key Minister arrives'            ->  'Minister arrives', isKeyEvent
 *     'Minister arrives /breaking /key'  ->  'Minister arrives', isBreaking, isKeyEvent
 *     'FOR PUB: Minister arrives'        ->  'Minister arrives'
 *     'Type /key to mark it'             ->  the same: it is neither start nor end
 *
 * Lines that will leave the body (links to embed, keywords) are no text to begin or end with. A text that has nothing
 * but commands stays, with a warning.
 */
export const readCommands: NormalizationStep = {
  name: 'commands',
  takesAway: true,
  apply(draft) {
    const found = commandsIn(draft.blocks)
    if (found.length === 0) return { draft, notes: [] }
    const blocks = tidyTree(editRuns(draft.blocks, editsOf(found)))
    const words = found.map(({ text }) => text).join(' ')
    if (blocks.length === 0 && draft.media.length + draft.embeds.length === 0) {
      return { draft, notes: [{ warning: `"${words.slice(0, 100)}" has no text to go with. It stays as typed.` }] }
    }
    const flags = [...new Set(found.flatMap(({ text }) => flagsIn(text)))]
    const set: Partial<WorkingDraft> = Object.fromEntries(flags.map(flag => [flag, true]))
    return { draft: { ...draft, ...set, blocks }, notes: [describeRemoval('body', words, flags.join(', '))] }
  },
}

interface Found {
  readonly line: TextLine
  readonly start: number
  readonly end: number
  readonly text: string
}

/** All commands at the start, as far as nothing else stands between them, then all at the end. */
function commandsIn(blocks: readonly HtmlNode[]): Found[] {
  const lines = linesOf(blocks)
  if (!lines.some(({ prose }) => MAY_HAVE.test(prose))) return []
  const aside = new Set([...embedLines(blocks), ...keywordLines(blocks)].map(({ line }) => placeOf(line)))
  const own = lines.filter(line => !aside.has(placeOf(line)))
  const found: Found[] = []
  let first = 0
  for (; first < own.length; first++) {
    const line = own[first]
    const length = line === undefined ? 0 : lengthAtStart(line.prose)
    if (line === undefined || length === 0) break
    found.push(partOf(line, 0, length))
    if (length < line.prose.length) break
  }
  const behind: Found[] = []
  for (let last = own.length - 1; last >= first; last--) {
    const line = own[last]
    if (line === undefined) break
    const taken = last === first ? (found.find(part => part.line === line)?.text.length ?? 0) : 0
    const from = startAtEnd(line.prose, taken)
    if (from === line.prose.length) break
    behind.unshift(partOf(line, from, line.prose.length))
    if (from > 0) break
  }
  return [...found, ...behind]
}

const MAY_HAVE = /\/(?:key|breaking|summary)|FOR PUB:/i
const AT_START = /(?:\/(?:key|breaking|summary):?(?=\s|$)|FOR PUB:)\s*/iy
const FOR_PUB = 'for pub:'
const AT_END = ['/key', '/breaking', '/summary', FOR_PUB]
/** A word behind one of these begins a sentence, though the space was forgotten. */
const CLOSING = /[.!?…"”“»)\]]/

function lengthAtStart(text: string): number {
  AT_START.lastIndex = 0
  let length = 0
  while (AT_START.test(text)) length = AT_START.lastIndex
  return length
}

/** Where the commands at the end begin, with the space before them; the text's length when there are none. */
function startAtEnd(text: string, taken: number): number {
  const isAt = (command: string, end: number) => {
    const start = end - command.length
    const before = text.slice(Math.max(taken, start - 1), start)
    const apart = start >= taken && (before === ' ' || start === taken || (command === FOR_PUB && CLOSING.test(before)))
    return apart && text.slice(start, end).toLowerCase() === command
  }
  let from = text.length
  for (let end = from; ; end = from) {
    const command = AT_END.find(one => isAt(one, end))
    if (command === undefined) return from
    const start = end - command.length
    from = start > taken && text[start - 1] === ' ' ? start - 1 : start
  }
}

function partOf(line: TextLine, from: number, to: number): Found {
  return { line, start: line.start + from, end: line.start + to, text: line.text.slice(from, to).trim() }
}

function placeOf({ run, start }: TextLine): string {
  return `${run}:${start}`
}

function flagsIn(commands: string): Flag[] {
  return [...commands.matchAll(/\/(\w+)/g)].flatMap(([, name = '']) => FLAGS[name.toLowerCase()] ?? [])
}

function editsOf(found: readonly Found[]): Map<number, Edit[]> {
  const edits = new Map<number, Edit[]>()
  for (const { line, start, end } of found) {
    const own = edits.get(line.run) ?? []
    own.push({ start, end, text: '' })
    edits.set(line.run, own)
  }
  return edits
}
