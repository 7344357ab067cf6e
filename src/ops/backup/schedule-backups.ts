import { randomUUID } from 'node:crypto'
import type { Turn } from '../../feed/turn.ts'
import type { Part } from '../../foundation/lifecycle.ts'
import type { Metrics } from '../../foundation/metrics.ts'
import { listBackups } from './backups.ts'
import { type BackupNeeds, makeBackup } from './make-backup.ts'

export interface ScheduledBackupsNeeds extends BackupNeeds {
  /** One process at a time makes them. */
  readonly turn: Turn
  readonly dir: string
  readonly keep: number
  /** 0: none are made. */
  readonly everyMs: number
  readonly metrics: Pick<Metrics, 'backups' | 'backupLastSeconds' | 'backupEverySeconds'>
}

/** It is looked so often whether one is due. */
const LOOK_MS = 60_000
/** One that failed may have read everything: it is not tried again at once. */
const REST_AFTER_FAILURE_MS = 600_000
/** One that lacks events is followed by another one this soon. */
const AFTER_PARTIAL_MS = 3_600_000
const TURN_MS = 30_000
const RENEW_MS = 10_000

/** Makes a backup whenever the newest one in the folder is older than `everyMs`, in one process at a time. */
export function startScheduledBackups(needs: ScheduledBackupsNeeds): Part {
  const { turn, dir, keep, everyMs, metrics, log } = needs
  const me = randomUUID()
  const stopping = new AbortController()
  let running: Promise<void> = Promise.resolve()
  let timer = setTimeout(look, 0)
  metrics.backupEverySeconds.set(everyMs / 1_000)

  function look(): void {
    if (everyMs === 0) return
    running = backUpWhenDue()
      .then(
        () => LOOK_MS,
        (err: unknown) => {
          if (stopping.signal.aborted) return 0
          metrics.backups.inc({ result: 'failed' })
          log.error({ err, dir }, 'backup could not be made')
          return REST_AFTER_FAILURE_MS
        },
      )
      .then(ms => {
        if (!stopping.signal.aborted) timer = setTimeout(look, Math.min(ms, everyMs))
      })
  }

  async function backUpWhenDue(): Promise<void> {
    if (!(await isDue()) || !(await turn.take(me, TURN_MS))) return
    const renewing = setInterval(() => {
      turn.take(me, TURN_MS).catch((err: unknown) => log.warn({ err }, 'turn to back up was not renewed'))
    }, RENEW_MS)
    try {
      // Somebody else may have made one while this process waited for its turn.
      if (await isDue()) await backUp()
    } finally {
      clearInterval(renewing)
      await turn.giveBack(me)
    }
  }

  async function isDue(): Promise<boolean> {
    const [newest] = await listBackups(dir)
    const at = newest === undefined ? 0 : Date.parse(newest.manifest.at)
    metrics.backupLastSeconds.set(at / 1_000)
    const isWhole = newest?.manifest.failed.length === 0
    return Date.now() - at >= (isWhole ? everyMs : Math.min(everyMs, AFTER_PARTIAL_MS))
  }

  async function backUp(): Promise<void> {
    const now = new Date()
    const { name, manifest, removed } = await makeBackup(needs, { dir, keep, signal: stopping.signal }, now)
    const { events, failed } = manifest
    metrics.backups.inc({ result: failed.length === 0 ? 'made' : 'failed' })
    metrics.backupLastSeconds.set(now.getTime() / 1_000)
    log.info({ backup: name, events: events.length, failed: failed.length, removed }, 'backup was made')
  }

  return {
    name: 'scheduled backups',
    async stop() {
      stopping.abort(new Error('this process stops'))
      clearTimeout(timer)
      await running
    },
  }
}
