import { SingleBar } from 'cli-progress'
import type { Output } from '../command-line.ts'
import type { BriefingItem } from './briefing.ts'
import type { SentOutcome } from './play-briefing.ts'

export interface Progress {
  sent(item: BriefingItem, outcome: SentOutcome): void
  end(): void
}

/** A bar on a terminal; elsewhere a plain line for each update. */
export function showProgress(output: Output, total: number): Progress {
  return output.isTTY === true ? bar(output, total) : lines(output, total)
}

function bar(stream: Output, total: number): Progress {
  const progress = new SingleBar({
    stream,
    format: '{bar} {value}/{total}  {what}',
    barCompleteChar: '█',
    barIncompleteChar: '░',
    barsize: 24,
    hideCursor: true,
    // Ctrl-C is the command's own: it stops posting and still tells what was done.
    gracefulExit: false,
  })
  progress.start(total, 0, { what: '' })
  return {
    sent: item => progress.increment({ what: firstWords(item) }),
    end: () => progress.stop(),
  }
}

function lines(output: Output, total: number): Progress {
  let count = 0
  return {
    sent(item, outcome) {
      count += 1
      output.write(
        `${String(count).padStart(String(total).length)}/${total}  ${outcome.padEnd(13)}  ${firstWords(item)}\n`,
      )
    },
    end: () => undefined,
  }
}

/** What one line of a terminal has room for. */
function firstWords({ key, draft }: BriefingItem): string {
  const text = draft.headline ?? draft.body?.replace(/<[^>]*>/g, ' ') ?? draft.media?.[0]?.caption ?? key
  const words = text.replace(/\s+/g, ' ').trim()
  return words.length <= 48 ? words : `${words.slice(0, 47)}…`
}
