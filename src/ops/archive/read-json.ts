import type { z } from 'zod'
import { archiveFault } from './archive-fault.ts'

/**
 * The JSON of a line, which must be written as JSON.stringify writes it: so its bytes come back when it is written again,
 * and no member of it is hidden (names that stand twice, `__proto__`).
 */
export function readJson(text: string, line: number): unknown {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw archiveFault('not-json', line, 'It is not JSON.', cause)
  }
  if (JSON.stringify(value) !== text) {
    throw archiveFault('not-canonical', line, 'It is not written as Dateline writes JSON.')
  }
  return value
}

/** Throws the fault `schema` with where and what. */
export function expectShape<S extends z.ZodType>(schema: S, value: unknown, line: number): z.output<S> {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const path = (issue?.path ?? []).map(part => `/${String(part)}`).join('')
  const message = issue?.message ?? 'It is not valid'
  throw archiveFault('schema', line, `#${path}: ${message.replace(/\.?$/, '.')}`)
}
