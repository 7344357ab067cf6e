import { destination, type Logger, pino } from 'pino'

export type { Logger } from 'pino'

/** JSON lines on stderr, so that stdout is free for what a command prints. */
export function createLogger(level: string, process: string): Logger {
  return pino({ level, base: { process } }, destination({ fd: 2, sync: true }))
}
