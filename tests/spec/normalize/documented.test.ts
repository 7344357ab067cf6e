import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { z } from 'zod'
import { SWITCHABLE_STEPS } from '../../../src/protocol/normalization.ts'
import { type DraftContent, EmbedDraft } from '../../../src/protocol/update.ts'
import type { Normalized } from '../../../workers/normalize/normalize.ts'
import { steps } from '../../../workers/normalize/steps.ts'
import { normalized } from './submissions.ts'

type Draft = z.input<typeof DraftContent>

const text = readFileSync(new URL('../../../docs/NORMALIZATION.md', import.meta.url), 'utf8')
const names = steps.map(({ name }) => name)

/** `- html "typed" -> headline "becomes"`, under the heading of a step. */
interface Example {
  readonly step: string
  readonly line: string
  readonly draft: Draft
  readonly field: string
  /** Undefined: a warning of the step. */
  readonly becomes: unknown
}

const EXAMPLE = /^- (?:(\w+) )?`(.+)` -> (?:warning|(?:([\w/]+) )?`(.+)`)$/

function readExamples(): Example[] {
  let step = ''
  return text.split('\n').flatMap((line): Example[] => {
    step = /^### `([\w-]+)`$/.exec(line)?.[1] ?? step
    if (!line.startsWith('- ')) return []
    const [, kind = 'text', typed = '', field = 'bodyText', becomes] = EXAMPLE.exec(line) ?? []
    if (typed === '') throw new Error(`no example: ${line}`)
    const draft = draftOf(kind, JSON.parse(typed))
    return [{ step, line, draft, field, becomes: becomes === undefined ? undefined : JSON.parse(becomes) }]
  })
}

function draftOf(kind: string, typed: unknown): Draft {
  if (kind === 'text' || kind === 'html' || kind === 'markdown') return { body: String(typed), bodyFormat: kind }
  if (kind === 'embed') return { embeds: [EmbedDraft.parse(typed)] }
  if (kind === 'caption' || kind === 'creditText') return { media: [{ [kind]: typed }] }
  return { body: 'x', [kind]: typed }
}

function valueAt({ update }: Normalized, field: string): unknown {
  return field.split('/').reduce((value: unknown, name) => Object(value)[name], update)
}

describe('docs/NORMALIZATION.md', () => {
  it.each(readExamples())('[NORM24] is true of $step: $line', ({ step, draft, field, becomes }) => {
    const result = normalized(draft)
    if (becomes !== undefined) return expect(valueAt(result, field)).toEqual(becomes)
    const warnings = result.normalization.filter(note => 'warning' in note && note.step === step)
    expect(warnings).not.toEqual([])
  })

  it('[NORM24] explains every step, in their order, and says whether it can be switched', () => {
    const rows = [...text.matchAll(/^\| `([\w-]+)` \| .* \| (yes|no) \|$/gm)].slice(0, names.length)
    expect(rows.map(([, name]) => name)).toEqual(names)
    const switchable = rows.filter(([, , can]) => can === 'yes').map(([, name]) => name)
    expect(switchable.toSorted()).toEqual([...SWITCHABLE_STEPS].toSorted())
    expect([...text.matchAll(/^### `([\w-]+)`$/gm)].map(([, name]) => name)).toEqual(names)
  })
})
