import { destination, type Logger, pino } from 'pino'

export type { Logger } from 'pino'

/**
 * JSON lines on stderr, so that stdout is free for what a command prints. A line is handed to the system at once but not
 * waited for: an update on its way does not stand behind its log. What is left is written when the process exits.
 */
export function createLogger(level: string, process: string): Logger {
  return pino({ level, base: { process } }, destination({ fd: 2, sync: false }))
}
