import { readdirSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import tab from '@bomb.sh/tab/commander'
import type { Command } from 'commander'
import { EVENTS } from '../../client/paths.ts'
import { serverUrl } from '../command-line.ts'
import type { CliContext } from './command.ts'
import { COMPLETED_SHELLS, COMPLETION_SCRIPTS, type CompletedShell } from './completion-scripts.ts'
import { openHttp } from './server.ts'

/** Whoever presses Tab waits no longer than this for the ids of events. */
const IDS_WITHIN_MS = 500
const MOST_IDS = 100

const HOW = `
Put it into your shell's start-up file:
  bash  source <(dateline completion bash)
  zsh   source <(dateline completion zsh)
  fish  dateline completion fish | source
`

const OF_EVENT = ['event', 'events', 'event or file']
const OF_FILE = ['file', 'event or file']

/** `completion SHELL`, and the hidden `complete` that its script asks: all that was added before is completed. */
export function addCompletion(dateline: Command, context: CliContext): void {
  const completed = tab(dateline, { completionCommandName: 'completion' })
  let words: readonly string[] = []
  let ids: readonly string[] = []
  for (const { arguments: given } of completed.commands.values()) {
    for (const [name, argument] of given) {
      if (!OF_EVENT.includes(name) && !OF_FILE.includes(name)) continue
      argument.handler = add => {
        if (OF_EVENT.includes(name)) for (const id of ids) add(id, '')
        if (OF_FILE.includes(name)) for (const path of pathsFor(words.at(-1) ?? '', context)) add(path, '')
      }
    }
  }
  const commandOf = (name: string) => dateline.commands.find(command => command.name() === name)
  const script = commandOf('completion')
  script?.registeredArguments[0]?.choices(COMPLETED_SHELLS)
  script
    ?.description("Prints a shell's script for completion.")
    .addHelpText('after', HOW)
    .action((shell: CompletedShell) => void context.stdout.write(COMPLETION_SCRIPTS[shell]))
  commandOf('complete')?.hook('preAction', async (_dateline, { args }) => {
    words = args
    if (args.length > 1 && !words.at(-1)?.startsWith('-')) ids = await eventIds(context)
  })
}

/** Those that everybody may see, or that the token of the environment may; none when Dateline does not answer at once. */
async function eventIds(context: CliContext): Promise<string[]> {
  const asReader = { name: 'Terminal', roles: ['ops'], isNeeded: false } as const
  try {
    const http = await openHttp({ url: serverUrl(context.config) }, context, asReader)
    const signal = AbortSignal.timeout(IDS_WITHIN_MS)
    const { body } = await http.read(`${EVENTS}?limit=${MOST_IDS}`, { signal })
    return (body as { events: { id: string }[] }).events.map(({ id }) => id)
  } catch {
    // A Tab is no place for a complaint: the command itself says what is wrong.
    return []
  }
}

/** What stands in the folder that is being typed; folders with a slash behind them. */
function pathsFor(word: string, { config }: CliContext): string[] {
  const folder = word.endsWith('/') ? word : dirname(word)
  const before = word.includes('/') ? (folder.endsWith('/') ? folder : `${folder}/`) : ''
  try {
    const entries = readdirSync(resolve(config.cwd, join(folder, '.')), { withFileTypes: true })
    return entries.map(entry => `${before}${entry.name}${entry.isDirectory() ? '/' : ''}`)
  } catch {
    return []
  }
}
