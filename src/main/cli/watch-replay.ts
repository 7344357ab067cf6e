import { SingleBar } from 'cli-progress'
import { ProblemError } from '../../client/index.ts'
import type { Replay } from '../../protocol/replay.ts'
import type { Output } from '../command-line.ts'
import { sentenceOf } from '../play/play-briefing.ts'
import type { CliContext } from './command.ts'
import type { ReplayCalls } from './replay-calls.ts'
import { clockText, KEYS_HELP, speedText, timeLeftMs, type Wish, wishOf } from './replay-steering.ts'
import { listenToKeys } from './terminal-keys.ts'
import { oneLine } from './terminal-text.ts'

const LOOK_EVERY_MS = 400

export type Watched =
  | { readonly how: 'played'; readonly replay: Replay }
  /** Whoever watched stopped it, or somebody else did. */
  | { readonly how: 'stopped'; readonly replay: Replay }
  /** It goes on unwatched. */
  | { readonly how: 'left'; readonly replay: Replay }

/**
 * Looks on until a replay has come to its end. On a terminal with a bar, and keys that steer it. Throws ProblemError when
 * Dateline refuses to tell; while it cannot, it is asked again.
 */
export async function watchReplay(calls: ReplayCalls, begun: Replay, context: CliContext): Promise<Watched> {
  const { stderr, signal } = context
  const times = stderr.isTTY === true ? await calls.times(begun) : undefined
  const shown = showReplay(stderr, begun, times)
  let replay = begun
  let left: 'left' | 'stopped' | undefined

  async function grant(wish: Wish): Promise<void> {
    try {
      if (wish.do === 'leave') left = 'left'
      if (wish.do === 'change') replay = await calls.change(replay.id, wish.patch)
      if (wish.do !== 'end') return
      await calls.end(replay.id)
      left = 'stopped'
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error
      shown.trouble(sentenceOf(error.problem))
    }
  }

  const keys = listenToKeys(context)
  try {
    for (;;) {
      shown.now(replay)
      if (left !== undefined) return { how: left, replay }
      if (replay.state === 'ended') return { how: 'played', replay }
      const key = await keys.next(LOOK_EVERY_MS)
      const wish = key && wishOf(key, replay)
      if (signal.aborted) return { how: 'left', replay }
      if (wish !== undefined) {
        await grant(wish)
        continue
      }
      const next = await look(replay)
      if (next === undefined) return { how: 'stopped', replay }
      replay = next
    }
  } finally {
    keys.stop()
    shown.end()
  }

  /** As it stands, or as it stood when Dateline cannot tell; undefined when it is gone. */
  async function look(before: Replay): Promise<Replay | undefined> {
    try {
      return await calls.find(before.id)
    } catch (error) {
      if (signal.aborted) return before
      if (!(error instanceof ProblemError)) throw error
      if (error.code === 'not-found') return undefined
      if (!error.problem.retry) throw error
      shown.trouble(sentenceOf(error.problem))
      return before
    }
  }
}

/** A bar on a terminal; elsewhere nothing. */
function showReplay(output: Output, { from, to }: Replay, times: readonly number[] | undefined) {
  if (output.isTTY !== true) return { now: () => undefined, trouble: () => undefined, end: () => undefined }
  const bar = new SingleBar({
    ...{ stream: output, barCompleteChar: '█', barIncompleteChar: '░', barsize: 24, hideCursor: true },
    format: '{bar} {value}/{total}  {what}',
    // Ctrl-C is the command's own: it leaves the replay running, and says so.
    gracefulExit: false,
  })
  let seen = { seq: 0, lap: 0, atMs: 0 }
  let said = ''
  output.write(`${KEYS_HELP}\n`)
  bar.start(to - from + 1, 0, { what: '' })
  return {
    now(replay: Replay) {
      const atMs = performance.now()
      if (replay.seq !== seen.seq || replay.lap !== seen.lap) {
        seen = { seq: replay.seq, lap: replay.lap, atMs }
        said = ''
      }
      const leftMs = times && replay.state !== 'ended' ? timeLeftMs(replay, times, atMs - seen.atMs) : undefined
      const left = leftMs === undefined ? '' : `, ${clockText(leftMs)} left`
      const what = `${replay.state} at ${speedText(replay.speed)}${left}${said === '' ? '' : `  ${said}`}`
      bar.update(replay.seq - from + 1, { what })
    },
    trouble(sentence: string) {
      said = oneLine(sentence)
    },
    end: () => bar.stop(),
  }
}
