import { emitKeypressEvents } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'
import type { CliContext } from './command.ts'

export interface Key {
  readonly name?: string | undefined
  readonly ctrl?: boolean | undefined
}

export interface TerminalKeys {
  /** The next key, or undefined when none came in time or the command was interrupted. */
  next(withinMs: number): Promise<Key | undefined>
  /** Gives the terminal back as it was. */
  stop(): void
}

/** The keys of a terminal, one by one, Ctrl-C among them. Where there is no terminal, it only waits. */
export function listenToKeys({ stdin, stderr, signal }: Pick<CliContext, 'stdin' | 'stderr' | 'signal'>): TerminalKeys {
  const keys: Key[] = []
  let wake = new AbortController()

  async function next(withinMs: number): Promise<Key | undefined> {
    if (keys.length === 0) {
      const woken = AbortSignal.any([signal, wake.signal])
      await pause(withinMs, undefined, { signal: woken }).catch((error: unknown) => {
        if (!woken.aborted) throw error
      })
    }
    wake = new AbortController()
    return keys.shift()
  }

  if (stdin.isTTY !== true || stderr.isTTY !== true || !hasRawMode(stdin)) return { next, stop: () => undefined }
  const onKey = (_text: unknown, key: Key) => {
    keys.push(key)
    wake.abort()
  }
  emitKeypressEvents(stdin)
  stdin.setRawMode(true)
  stdin.on('keypress', onKey)
  stdin.resume()
  return {
    next,
    stop() {
      stdin.off('keypress', onKey)
      stdin.setRawMode(false)
      stdin.pause()
    },
  }
}

function hasRawMode<S extends NodeJS.ReadableStream>(stream: S): stream is S & { setRawMode(isRaw: boolean): unknown } {
  return 'setRawMode' in stream && typeof stream.setRawMode === 'function'
}
