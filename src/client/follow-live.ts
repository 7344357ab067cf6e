import type { Entry } from '../protocol/entry.ts'
import type { Position } from '../protocol/position.ts'
import type { Snapshot } from '../protocol/snapshot.ts'
import type { RestartReason } from '../protocol/socket.ts'
import { step } from './feed-cursor.ts'
import type { ConnectionState, Watch, WatchChange, WatchOptions } from './types.ts'

/** Further behind its watch than this, a playback takes the watch's view, as a room would have it do. */
export const MAX_CATCH_UP = 1_000

export interface FollowLiveNeeds {
  /** The view so far, whose position the watch goes on from. */
  view(): Snapshot
  watch(options: WatchOptions): Watch
  /** Entries after a position; repeats what failed. Undefined when they cannot be had. */
  readAfter(position: Position): Promise<readonly Entry[] | undefined>
  /** The next entry, to be shown. */
  show(entry: Entry): void
  replace(view: Snapshot, reason: RestartReason): void
  pinned(view: Snapshot): void
  state(state: ConnectionState): void
}

/**
 * Goes on live from a view that was read over HTTP, without a gap or a repeat: a watch may be behind it or, when its room
 * was open already, ahead of it. What is already shown is ignored; what lies between is read from the entries.
 */
export function followLive(needs: FollowLiveNeeds): { stop(): void } {
  let catchingUp = false
  let stopped = false
  const watch = needs.watch({ from: needs.view(), onChange: change => take(change) })

  function take(change: WatchChange): void {
    if (stopped) return
    switch (change.kind) {
      case 'state':
        needs.state(change.state)
        break
      case 'entry': {
        const next = step(needs.view().position, change.view.position.epoch, change.entry)
        if (next.do === 'show') needs.show(change.entry)
        else if (next.do === 'rejoin') void meet(change.view)
        break
      }
      case 'restarted':
        // A room that is new to this watch, or has been away for long, has the same feed: the view catches up with it.
        if (change.reason === 'first-visit' || change.reason === 'too-far-behind') void meet(change.view)
        else needs.replace(change.view, change.reason)
        break
      case 'pinned':
        needs.pinned(change.view)
    }
  }

  /** Brings the view to where the watch is. */
  async function meet(live: Snapshot): Promise<void> {
    const { epoch, seq } = needs.view().position
    const missing = live.position.seq - seq
    if (live.position.epoch !== epoch) return needs.replace(live, 'epoch-changed')
    if (missing > MAX_CATCH_UP) return needs.replace(live, 'too-far-behind')
    if (missing <= 0 || catchingUp) return
    catchingUp = true
    await catchUp()
    catchingUp = false
  }

  async function catchUp(): Promise<void> {
    for (;;) {
      const { position } = needs.view()
      const there = watch.view?.position
      if (stopped || there === undefined || there.epoch !== position.epoch || there.seq <= position.seq) return
      const entries = await needs.readAfter(position)
      if (stopped) return
      if (entries === undefined || entries.length === 0) {
        if (watch.view !== undefined) needs.replace(watch.view, 'too-far-behind')
        return
      }
      for (const entry of entries) {
        // What went live meanwhile was shown already.
        if (step(needs.view().position, position.epoch, entry).do === 'show') needs.show(entry)
      }
    }
  }

  return {
    stop() {
      stopped = true
      watch.stop()
    },
  }
}
