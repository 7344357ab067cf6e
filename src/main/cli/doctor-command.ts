import { type Command, InvalidArgumentError, Option } from 'commander'
import { readUrl, serverUrl } from '../command-line.ts'
import type { CliContext } from './command.ts'
import { type DoctorOptions, runDoctor } from './doctor/doctor.ts'
import { gatewayOption } from './server.ts'

const MIN_FREE_BYTES = 1_024 ** 3
const UNITS: Record<string, number> = { '': 1, kb: 1_024, mb: 1_024 ** 2, gb: 1_024 ** 3, tb: 1_024 ** 4 }

const DOCTOR_CODES = `
Exit codes:
  0  nothing fails; there may be something to look at
  1  something fails: it is said what, and what to do
  2  wrong usage`

/** `doctor`: looks at Redis, this machine and a running Dateline, and says what to do. */
export function addDoctorCommand(dateline: Command, context: CliContext, end: (exitCode: number) => void): void {
  dateline
    .command('doctor')
    .description(
      'Looks at Redis, this machine and a running Dateline, says what is not well, and what to do. Changes nothing.',
    )
    .option(
      '--url <url>',
      `an api that is to answer (default: DATELINE_URL; else ${serverUrl(context.config)}, if it runs)`,
      readUrl,
    )
    .addOption(gatewayOption())
    .option(
      '--token <token>',
      'one of the role ops, for the forecast (default: DATELINE_TOKEN, or in development one made here)',
    )
    .addOption(
      new Option('--min-free <size>', 'so much of the disk of Redis must be free')
        .argParser(readSize)
        .default(MIN_FREE_BYTES, '1gb'),
    )
    .option('--json', 'print what was found as JSON')
    .addHelpText('after', DOCTOR_CODES)
    .action(async (options: DoctorOptions) => end(await runDoctor(options, context)))
}

function readSize(text: string): number {
  const match = /^(\d{1,15})(kb|mb|gb|tb)?$/i.exec(text)
  if (match === null) throw new InvalidArgumentError('Must be a number of bytes, or such as 500mb or 2gb.')
  return Number(match[1]) * (UNITS[(match[2] ?? '').toLowerCase()] ?? 1)
}
