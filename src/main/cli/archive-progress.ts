import { SingleBar } from 'cli-progress'
import type { Progress } from '../../ops/archive/export-archive.ts'
import type { Output } from '../command-line.ts'

export interface ShownProgress {
  /** Begins to tell of the next piece of work. */
  of(what: string, units?: string): Progress
  end(): void
}

/** A bar with the time that is left, on a terminal; elsewhere nothing. */
export function showArchiveProgress(output: Output): ShownProgress {
  if (output.isTTY !== true) return { of: () => () => undefined, end: () => undefined }
  const bar = new SingleBar({
    stream: output,
    format: '{what}  {bar}  {percentage} %  {value}/{total} {units}  {eta_formatted} left',
    barCompleteChar: '█',
    barIncompleteChar: '░',
    barsize: 24,
    hideCursor: true,
    // Ctrl-C is the command's own: it clears away what it has begun.
    gracefulExit: false,
  })
  let isShown = false
  const end = () => {
    if (isShown) bar.stop()
    isShown = false
  }
  return {
    end,
    of(what, units = 'lines') {
      end()
      return (done, total) => {
        if (!isShown) bar.start(total, 0, { what, units })
        isShown = true
        bar.update(done)
      }
    },
  }
}
