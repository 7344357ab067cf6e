import { z } from 'zod'
import { Event } from './event.ts'
import { Instant } from './time.ts'
import { Update, UpdateId } from './update.ts'

const Chain = z.string().regex(/^[0-9a-f]{40}$/)
const common = { seq: z.int().positive(), chain: Chain, at: Instant }
const submitted = { late: z.literal(true).optional(), acceptNumber: z.int().positive() }

/** One line of a feed. */
export const Entry = z.discriminatedUnion('type', [
  z.strictObject({ ...common, type: z.literal('published'), ...submitted, update: Update }),
  z.strictObject({ ...common, type: z.literal('revised'), ...submitted, update: Update }),
  z.strictObject({
    ...common,
    type: z.literal('retracted'),
    ...submitted,
    updateId: UpdateId,
    version: z.int().positive(),
    reason: z.string().optional(),
  }),
  z.strictObject({ ...common, type: z.literal('event'), ...submitted, event: Event }),
  z.strictObject({ ...common, type: z.literal('purged'), updateId: UpdateId, digest: Chain }),
])
export type Entry = z.infer<typeof Entry>

/** What stands at a known place of each line, read without parsing it. */
export interface LineHead {
  readonly seq: number
  readonly chain: string
  /** The line without its chain member: what its digest is taken of. */
  readonly unchained: string
}

const HEAD = /^\{"seq":(\d+),"chain":"([0-9a-f]{40})",/

/** Reads an entry's seq and chain from the fixed start of its line. */
export function readLineHead(line: string): LineHead | undefined {
  const match = HEAD.exec(line)
  if (match === null) return undefined
  return {
    seq: Number(match[1]),
    chain: match[2] ?? '',
    unchained: `{"seq":${match[1]},${line.slice(match[0].length)}`,
  }
}

const NUMBERED = /^\{"seq":\d+,"chain":"[0-9a-f]{40}","at":"[^"]*","type":"[a-z]+",("late":true,)?"acceptNumber":(\d+)/

/** The accept number in the fixed start of a line, and whether it entered late; undefined of a purged line. */
export function readLineNumber(line: string): { readonly acceptNumber: number; readonly isLate: boolean } | undefined {
  const match = NUMBERED.exec(line)
  return match === null ? undefined : { acceptNumber: Number(match[2]), isLate: match[1] !== undefined }
}
