import { hostname } from 'node:os'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { Presence } from '../feed/presence.ts'
import type { Part } from '../foundation/lifecycle.ts'
import type { ProcessKind, ProcessPresence, RoomPresence } from '../protocol/ops.ts'
import type { Start } from './run.ts'
import { readVersion } from './version.ts'

/** Five tellings may be lost before a process counts as gone. */
const TELL_EVERY_MS = 2_000
/** A timer that looks at the event loop this often finds its own period in what it measures. */
const LOOK_EVERY_MS = 20
/** So many rooms are told of, those with the most viewers. */
const MOST_ROOMS = 200

export interface Gathering {
  readonly viewers: number
  readonly isDraining: boolean
  rooms(): Promise<readonly RoomPresence[]>
}

/**
 * Tells the others that this process runs, and what it does, until it stops; and hears whether ops want it to drain.
 * Resolves when it was told of for the first time. `gathering` is its gateway, once and if it has one.
 */
export async function tellPresence(
  { id, lifecycle, log, end }: Pick<Start, 'id' | 'lifecycle' | 'log' | 'end'>,
  presence: Presence,
  kind: ProcessKind,
  gathering: () => Gathering | undefined = () => undefined,
): Promise<Part> {
  const delay = monitorEventLoopDelay({ resolution: LOOK_EVERY_MS })
  delay.enable()
  const standing = { id, kind, host: hostname(), pid: process.pid, version: readVersion() }
  const startedAt = new Date().toISOString()
  let stopped = false
  let timer: NodeJS.Timeout | undefined
  let telling = tell()

  async function state(): Promise<ProcessPresence> {
    const gateway = gathering()
    const rooms = ((await gateway?.rooms()) ?? []).toSorted((a, b) => b.viewers - a.viewers)
    const isDraining = lifecycle.isStopping || gateway?.isDraining === true
    const meanMs = Math.max(0, delay.mean / 1_000_000 - LOOK_EVERY_MS)
    delay.reset()
    return {
      ...standing,
      startedAt,
      seenAt: new Date().toISOString(),
      state: isDraining ? 'draining' : 'running',
      viewers: gateway?.viewers ?? 0,
      rooms: rooms.slice(0, MOST_ROOMS),
      eventLoopDelayMs: Number.isFinite(meanMs) ? Math.round(meanMs * 10) / 10 : 0,
    }
  }

  async function tell(): Promise<void> {
    try {
      const { drain } = await presence.tell(await state())
      if (drain && !lifecycle.isStopping) end('ops drained it')
    } catch (err) {
      log.warn({ err }, 'the others could not be told of this process')
    }
    if (!stopped) {
      timer = setTimeout(() => {
        telling = tell()
      }, TELL_EVERY_MS)
    }
  }

  await telling
  return {
    name: 'presence',
    async stop() {
      stopped = true
      clearTimeout(timer)
      delay.disable()
      await telling
      await presence.forget(id).catch((err: unknown) => log.warn({ err }, 'this process is listed until it ages out'))
    },
  }
}
