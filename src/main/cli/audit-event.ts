import { setTimeout as sleep } from 'node:timers/promises'
import { Refusal } from '../../foundation/errors.ts'
import type { GapAudit } from '../../protocol/gaps.ts'
import { EXIT } from '../command-line.ts'
import { auditText } from './audit-text.ts'
import type { CliContext } from './command.ts'
import { withStore } from './with-store.ts'

export interface AuditOptions {
  readonly limit: number
  readonly watch?: true
  readonly json?: true
}

const LOOK_EVERY_MS = 2_000
/** Clears a terminal and goes to its top. */
const CLEAR = '\u001b[2J\u001b[H'

/** `audit EVENT`: resolves with the exit code. Throws Refusal. */
export async function auditEvent(eventId: string, options: AuditOptions, context: CliContext): Promise<number> {
  const { stdout } = context
  const reader = new AbortController()
  stdout.on('error', (error: Error) => reader.abort(error)) // who read it went away: there is nobody to tell
  const signal = AbortSignal.any([context.signal, reader.signal])
  const isScreen = options.watch === true && options.json !== true && stdout.isTTY === true
  return await withStore(context, async ({ findGaps }) => {
    for (;;) {
      const audit = await findGaps(eventId, { limit: options.limit })
      if (audit === undefined) throw new Refusal('event-not-found', `There is no event ${eventId}.`)
      stdout.write(`${isScreen ? CLEAR : ''}${textOf(audit, options)}\n`)
      const exitCode = isWhole(audit) ? EXIT.done : EXIT.notDone
      if (options.watch !== true) return exitCode
      await sleep(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined) // Ctrl-C ends the watch, and is no failure
      if (signal.aborted) return exitCode
    }
  })
}

function textOf(audit: GapAudit, { json, watch }: AuditOptions): string {
  if (json !== true) return auditText(audit)
  return watch === true ? JSON.stringify(audit) : JSON.stringify(audit, undefined, 2)
}

function isWhole({ totals, brokenAt }: GapAudit): boolean {
  return totals.missing === 0 && totals.doubled === 0 && brokenAt === null
}
