import { EventId, UpdateId } from '../protocol/update.ts'

/** What can still be told from the text of a submission, or of its job, that is damaged. */
export interface Salvage {
  readonly submissionId?: string
  readonly eventId?: string
  readonly acceptNumber?: number
  readonly updateId?: string
  readonly subject?: { readonly sub: string; readonly name: string }
}

/** Pure: reads single fields where the whole is no JSON, or not what it should be. Nothing is made up. */
export function salvage(text: string): Salvage {
  const submissionId = UpdateId.safeParse(stringOf(text, 'submissionId')).data
  const eventId = EventId.safeParse(stringOf(text, 'eventId')).data
  const updateId = UpdateId.safeParse(stringOf(text, 'updateId')).data
  const acceptNumber = /"acceptNumber":(\d{1,9})\b/.exec(text)?.[1]
  const subject = /"subject":\{([^{}]*)\}/.exec(text)?.[1] ?? ''
  const sub = stringOf(subject, 'sub')
  return {
    ...(submissionId === undefined ? {} : { submissionId }),
    ...(eventId === undefined ? {} : { eventId }),
    ...(acceptNumber === undefined ? {} : { acceptNumber: Number(acceptNumber) }),
    ...(updateId === undefined ? {} : { updateId }),
    ...(sub === undefined ? {} : { subject: { sub, name: stringOf(subject, 'name') ?? sub } }),
  }
}

/** A member as `JSON.stringify` writes it, and as the scripts look for it. */
function stringOf(text: string, name: string): string | undefined {
  const quoted = new RegExp(`"${name}":("(?:[^"\\\\]|\\\\.)*")`).exec(text)?.[1]
  try {
    return quoted === undefined ? undefined : String(JSON.parse(quoted))
  } catch {
    return undefined // a broken escape
  }
}
