import { Argument, type Command } from 'commander'
import type { Http, WriteRequest } from '../../client/http.ts'
import {
  type Intake,
  type OpsAuditPage,
  type Overview,
  QUEUE_NAMES,
  type QueueName,
  type QueueState,
} from '../../protocol/ops.ts'
import { EXIT } from '../command-line.ts'
import type { CliContext } from './command.ts'
import { deedsText, intakeText, overviewText } from './ops-text.ts'
import { openHttp, type ServerOptions, withServer, writeOnce } from './server.ts'

interface OpsOptions extends ServerOptions {
  readonly json?: true
}

const AS_OPS = { name: 'Terminal', roles: ['ops'], isNeeded: true } as const
const MOST_DEEDS = 100

/** `ops`: all that runs, and what ops may pause and drain. */
export function addOpsCommands(
  dateline: Command,
  context: CliContext,
  exitCodes: string,
  end: (exitCode: number) => void,
): void {
  const ops = dateline
    .command('ops')
    .description('Shows all that runs; pauses intake and queues; drains processes. For ops.')
    .addHelpText('after', exitCodes)

  const command = (name: string, description: string, options: { isDefault?: boolean } = {}) =>
    withServer(ops.command(name, options).description(description), context)
      .option('--json', 'print what the server answers as JSON')
      .addHelpText('after', exitCodes)

  /** Asks, and prints what `say` makes of the answer. */
  async function ask<T>(options: OpsOptions, call: (http: Http) => Promise<T>, say: (answer: T) => string) {
    const http = await openHttp(options, context, AS_OPS)
    const answer = await call(http)
    context.stdout.write(options.json === true ? `${JSON.stringify(answer, undefined, 2)}\n` : say(answer))
    end(EXIT.done)
  }
  const read =
    <T>(path: string) =>
    async (http: Http) =>
      (await http.read(path, { signal: context.signal })).body as T
  const write =
    <T>(request: WriteRequest) =>
    async (http: Http) =>
      (await writeOnce(http, request, context.signal)) as T
  const changeIntake = (options: OpsOptions, body: object) =>
    ask(options, write<Intake>({ method: 'PUT', path: '/v1/ops/intake', body }), now => `Intake: ${intakeText(now)}\n`)

  command('show', 'Shows intake, store, queues, processes and events.', { isDefault: true }).action(
    (options: OpsOptions) => ask(options, read<Overview>('/v1/ops/overview'), overviewText),
  )
  command(
    'pause',
    'Pauses the intake of all events: editors are shown the reason, and their desks keep what they type.',
  )
    .argument('<reason>', 'why, in a sentence')
    .action((reason: string, options: OpsOptions) => changeIntake(options, { paused: true, reason }))
  command('open', 'Opens the intake again.').action((options: OpsOptions) => changeIntake(options, { paused: false }))
  command('queue', 'Pauses a queue, or lets it go on: while it is paused no worker takes another job.')
    .addArgument(new Argument('<name>', 'which one').choices(QUEUE_NAMES))
    .addArgument(new Argument('<deed>', 'what to do with it').choices(['pause', 'resume']))
    .action((name: QueueName, deed: string, options: OpsOptions) => {
      const request = { method: 'PUT', path: `/v1/ops/queues/${name}`, body: { paused: deed === 'pause' } } as const
      return ask(options, write<QueueState>(request), now => `${now.name}: ${now.paused ? 'paused' : 'going on'}\n`)
    })
  command(
    'drain',
    'Has a process end as by SIGTERM: a gateway tells its viewers where to go, a worker finishes its jobs.',
  )
    .argument('<process>', 'its id, as ops shows it')
    .action((id: string, options: OpsOptions) => {
      const path = `/v1/ops/processes/${encodeURIComponent(id)}/drain`
      return ask(options, write<{ id: string }>({ method: 'POST', path }), now => `${now.id}: draining\n`)
    })
  command('audit', `Lists the last ${MOST_DEEDS} of these deeds, newest first.`).action((options: OpsOptions) =>
    ask(options, read<OpsAuditPage>(`/v1/ops/audit?limit=${MOST_DEEDS}`), page => deedsText(page.entries)),
  )
}
