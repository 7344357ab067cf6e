import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

/** Which core each side has for itself, so that the viewers' work does not stand in the server's way. */
export type Cores =
  | { readonly pinned: true; readonly server: number; readonly load: number }
  | { readonly pinned: false; readonly reason: string }

const run = promisify(execFile)

/** The first two cores that this process may use, when there is a taskset to pin processes with. */
export async function chooseCores(): Promise<Cores> {
  let text: string
  try {
    text = (await run('taskset', ['-cp', String(process.pid)])).stdout
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { pinned: false, reason: 'there is no taskset here' }
    throw error
  }
  const [server, load] = parseCoreList(/: ([\d,-]+)\s*$/.exec(text)?.[1] ?? '')
  if (server === undefined || load === undefined) return { pinned: false, reason: 'there is one core only' }
  return { pinned: true, server, load }
}

/** Moves this process, with all its threads, to one core. What it starts from then on is there too. */
export async function pinThisProcess(core: number): Promise<void> {
  await run('taskset', ['-acp', String(core), String(process.pid)])
}

/** A command line that starts `command` on one core; undefined leaves it to the system. */
export function onCore(core: number | undefined, command: readonly [string, ...string[]]): [string, ...string[]] {
  return core === undefined ? [...command] : ['taskset', '-c', String(core), ...command]
}

/** `0-2,5` -> 0, 1, 2, 5. */
function parseCoreList(list: string): number[] {
  return list.split(',').flatMap(range => {
    const [from, to = from] = range.split('-').map(Number)
    if (from === undefined || to === undefined || Number.isNaN(from)) return []
    return Array.from({ length: to - from + 1 }, (_, i) => from + i)
  })
}
