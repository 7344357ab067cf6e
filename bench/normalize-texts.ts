import { readdir, readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { z } from 'zod'
import { readBriefing } from '../src/main/play/briefing.ts'
import { Submission } from '../src/protocol/submission.ts'
import type { UpdateDraft } from '../src/protocol/update.ts'
import type { UpdateSubmission } from '../workers/normalize/normalize.ts'

/** Built, this file is one folder deeper. */
const SAMPLES = [new URL('../samples', import.meta.url), new URL('../../samples', import.meta.url)]
const ACCEPTED_AT = '2026-11-24T10:00:00.000Z'

/** Updates of one briefing that have a body, as a worker is given them. */
export interface TextSet {
  readonly name: string
  readonly submissions: readonly UpdateSubmission[]
}

/** The samples of this repository, and the file that is named: NDJSON, or a live blog as JSON. */
export async function readTextSets(file: string | undefined): Promise<TextSet[]> {
  const folder = await samplesFolder()
  const names = (await readdir(folder)).filter(name => name.endsWith('.ndjson')).toSorted()
  const files = [...names.map(name => join(folder, name)), ...(file === undefined ? [] : [file])]
  return Promise.all(files.map(readTextSet))
}

async function samplesFolder(): Promise<string> {
  for (const url of SAMPLES) {
    const folder = fileURLToPath(url)
    const names = await readdir(folder).catch(() => [])
    if (names.length > 0) return folder
  }
  throw new Error('There is no samples folder.')
}

async function readTextSet(file: string): Promise<TextSet> {
  const { event, items } = readBriefing(file, await readFile(file), new Date(ACCEPTED_AT))
  const place = { timeZone: event.timeZone ?? 'UTC', inLanguage: event.inLanguage ?? 'en' }
  const withBody = items.filter(({ draft }) => (draft.body ?? '').trim() !== '')
  return { name: basename(file), submissions: withBody.map(({ draft }) => aSubmission(draft, place)) }
}

/** A new update of an event, by an editor, as the accept side writes it. */
export function aSubmission(
  { updateId: _, ...draft }: z.input<typeof UpdateDraft>,
  place: Pick<UpdateSubmission, 'timeZone' | 'inLanguage'>,
): UpdateSubmission {
  const parsed = Submission.parse({
    kind: 'publish',
    submissionId: '0192f0c1-0000-7000-8000-000000000001',
    eventId: 'bench',
    requestId: 'bench',
    subject: { sub: 'ann', name: 'Ann Editor' },
    updateId: '0192f0c1-0000-7000-8000-000000000002',
    version: 1,
    acceptedAt: ACCEPTED_AT,
    datePublished: ACCEPTED_AT,
    dateModified: ACCEPTED_AT,
    coverageStartTime: ACCEPTED_AT,
    corrections: [],
    draft,
    ...place,
  })
  if (parsed.kind === 'event') throw new Error('no update')
  return parsed
}
