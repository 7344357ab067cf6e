import type { DeadLetter } from '../../../src/protocol/ops.ts'

/** A dead letter and the event it is of. */
export type Letter = DeadLetter & { readonly eventId: string }

/** The first words of what was sent, by which somebody knows it again. */
export function letterLine({ raw, acceptNumber }: DeadLetter): string {
  const words = ['headline', 'body', 'reason'].map(name => raw[name]).find(isText)
  return words === undefined ? `#${acceptNumber}` : words.length > LINE_CHARS ? `${words.slice(0, LINE_CHARS)}…` : words
}

const LINE_CHARS = 80

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== ''
}
