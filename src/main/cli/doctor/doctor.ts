import type { Config } from '../../../foundation/config.ts'
import { withoutPassword } from '../../../redis/connect.ts'
import { keysFor } from '../../../redis/keys.ts'
import { EXIT, serverUrl } from '../../command-line.ts'
import type { CliContext } from '../command.ts'
import { tokenOf } from '../server.ts'
import { type Finding, fail } from './finding.ts'
import { judgeMachine } from './judge-machine.ts'
import { judgeServer } from './judge-server.ts'
import { judgeStore } from './judge-store.ts'
import { measureMachine } from './measure-machine.ts'
import { measureServer } from './measure-server.ts'
import { type MeasuredStore, measureStore } from './measure-store.ts'
import { reportText } from './report-text.ts'

export interface DoctorOptions {
  readonly url?: string
  readonly gateway?: string
  readonly token?: string
  readonly minFree: number
  readonly json?: true
}

/** `doctor`: looks at everything, changes nothing, and resolves with 1 when something fails. */
export async function runDoctor(options: DoctorOptions, context: CliContext): Promise<number> {
  return tellFindings(await examine(options, context), options.json === true, context)
}

/** What was found about an environment that cannot even be read. */
export function tellBadEnvironment(
  message: string,
  isJson: boolean,
  output: Pick<CliContext, 'stdout' | 'isColoured'>,
): number {
  const remedy = 'Set these as OPERATIONS.md says. Nothing else was looked at.'
  return tellFindings([fail('environment', message, remedy)], isJson, output)
}

async function examine(options: DoctorOptions, context: CliContext): Promise<Finding[]> {
  const { config } = context
  const { cli, commit, environment, pages } = config
  const url = options.url ?? serverUrl(config)
  const api = { url, isNamed: (options.url ?? cli.url) !== undefined }
  const gatewayUrl = options.gateway ?? pages.gatewayUrl
  const gateway = { url: gatewayUrl ?? url, isNamed: gatewayUrl !== undefined }
  const [machine, redis, server] = await Promise.all([
    measureMachine(config),
    findRedis(context),
    opsToken(options, url, context).then(token => measureServer(api, gateway, token)),
  ])
  const limits = {
    ...{ headWaitMs: commit.headWaitMs, isProduction: environment === 'production', minFreeBytes: options.minFree },
    ...{ fullAt: server.fullAt, now: new Date() },
  }
  return [...judgeMachine(machine), ...judgeStore(redis, limits), ...judgeServer(server)]
}

async function findRedis({ configWithRedis, config }: CliContext): Promise<MeasuredStore> {
  let found: Config
  try {
    found = await configWithRedis()
  } catch (error) {
    // The one of npm start is there and does not answer; the error says so.
    const why = error instanceof Error ? error.message : String(error)
    return { isCluster: false, servers: [{ isReachable: false, at: withoutPassword(config.redis.url), why }] }
  }
  const { url, prefix } = found.redis
  return await measureStore(url, { writeProbe: keysFor(prefix).writeProbe, now: Date.now })
}

/** Without one, what only ops may know is left out. */
async function opsToken(options: DoctorOptions, url: string, context: CliContext): Promise<string | undefined> {
  return await tokenOf({ ...options, url }, context, { name: 'Doctor', roles: ['ops'], isNeeded: false })
}

function tellFindings(
  findings: readonly Finding[],
  isJson: boolean,
  { stdout, isColoured }: Pick<CliContext, 'stdout' | 'isColoured'>,
): number {
  const isWell = findings.every(({ result }) => result !== 'fail')
  if (isJson) stdout.write(`${JSON.stringify({ ok: isWell, findings }, undefined, 2)}\n`)
  else stdout.write(reportText(findings, isColoured))
  return isWell ? EXIT.done : EXIT.notDone
}
