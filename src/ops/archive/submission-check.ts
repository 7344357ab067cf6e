import { z } from 'zod'
import { Submission } from '../../protocol/submission.ts'
import { archiveFault } from './archive-fault.ts'
import { expectShape } from './read-json.ts'

type Shelf = 'dead' | 'held' | 'superseded' | 'discarded' | 'anew'

const Reason = z.looseObject({})
const About = z.object({ eventId: z.string() })

/** A submission that has not ended: a worker will take it up. One that cannot be read ends as a dead letter, as always. */
export function checkWaiting(text: string, eventId: string, line: number): void {
  const about = About.safeParse(parsed(text))
  if (about.success && about.data.eventId !== eventId) throw ofAnother(about.data.eventId, line)
}

/** Why it is not in the feed, as lines of JSON, and then the submission. Only those that wait for an editor must be whole. */
export function checkShelved(shelf: Shelf, text: string, eventId: string, line: number): void {
  const reasons = shelf === 'discarded' || shelf === 'anew' ? 2 : 1
  const lines = text.split('\n')
  for (const reason of lines.slice(0, reasons)) expectShape(Reason, parsed(reason), line)
  const submission = lines.slice(reasons).join('\n')
  checkWaiting(submission, eventId, line)
  if (shelf !== 'held') return
  const { kind } = expectShape(Submission, parsed(submission), line)
  if (kind !== 'publish' && kind !== 'revise')
    throw archiveFault('schema', line, `A submission to ${kind} is never held.`)
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined // what it should have been, its schema says
  }
}

function ofAnother(eventId: string, line: number) {
  return archiveFault('wrong-event', line, `This submission is to the event ${eventId}.`)
}
