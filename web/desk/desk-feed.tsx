import { useState } from 'preact/hooks'
import type { DatelineClient } from '../../src/client/types.ts'
import type { Snapshot } from '../../src/protocol/snapshot.ts'
import type { Update } from '../../src/protocol/update.ts'
import { lineFor } from '../reading/announcement.ts'
import type { Connection } from '../reading/connection.ts'
import type { Reader } from '../reading/reader.ts'
import { statusLine } from '../reading/status-line.ts'
import { UpdateArticle } from '../reading/update-article.tsx'
import { viewersWords } from '../reading/words.ts'
import { Changes, type KeepAsTyped } from './changes.tsx'
import { RetractDialog } from './retract-dialog.tsx'

export interface FeedDeeds {
  readonly revise: (update: Update) => void
  readonly retract: (update: Update, reason: string | undefined) => void
  readonly toggleKey: (update: Update) => void
  /** Undefined takes the pin away. */
  readonly pin: (update: Update | undefined) => void
  readonly keepAsTyped: KeepAsTyped
}

export interface DeskFeedProps {
  readonly client: DatelineClient
  readonly view: Snapshot | undefined
  readonly connection: Connection
  readonly viewers: number | undefined
  readonly reader: Reader
  readonly deeds: FeedDeeds
}

/** So much of an update names it in the labels of its buttons. */
const LINE_CHARS = 60

/** The event's feed as readers see it now, each update with what an editor can do to it. */
export function DeskFeed({ client, view, connection, viewers, reader, deeds }: DeskFeedProps) {
  const [retracting, setRetracting] = useState<Update>()
  const status = statusLine(view?.event.status ?? 'live', connection, reader.nowMs)
  return (
    <section class="desk-feed" aria-labelledby="live-feed">
      <div class="feed-head">
        <h2 id="live-feed">Live feed</h2>
        {viewers === undefined || status.tone === 'warning' ? null : (
          <span class="viewers">{viewersWords(viewers)}</span>
        )}
        <span class={`status is-${status.tone}`} aria-hidden="true">
          {status.text}
        </span>
        <span class="hidden-text" role="status">
          {status.spoken}
        </span>
      </div>
      {view === undefined ? <p class="soft">Reading the feed…</p> : null}
      {view?.updates.length === 0 ? <p class="soft">No updates yet.</p> : null}
      <ol class="desk-updates">
        {view?.updates.map(update => {
          const pinned = view.event.pinnedUpdateId === update.id
          return (
            <li key={update.id} class="card">
              <UpdateArticle update={update} reader={reader} pinned={pinned}>
                <UpdateDeeds update={update} pinned={pinned} deeds={deeds} askRetract={() => setRetracting(update)} />
                <Changes
                  client={client}
                  update={update}
                  line={lineFor(update).slice(0, LINE_CHARS)}
                  keepAsTyped={deeds.keepAsTyped}
                />
              </UpdateArticle>
            </li>
          )
        })}
      </ol>
      {view?.links.older === undefined ? null : (
        <p class="soft">
          Older updates are on the <a href={`/events/${view.event.id}`}>viewer page</a>.
        </p>
      )}
      {retracting === undefined ? null : (
        <RetractDialog
          update={retracting}
          retract={reason => deeds.retract(retracting, reason)}
          close={() => setRetracting(undefined)}
        />
      )}
    </section>
  )
}

interface UpdateDeedsProps {
  readonly update: Update
  readonly pinned: boolean
  readonly deeds: FeedDeeds
  readonly askRetract: () => void
}

function UpdateDeeds({ update, pinned, deeds, askRetract }: UpdateDeedsProps) {
  const line = lineFor(update).slice(0, LINE_CHARS)
  const deed = (words: string, press: () => void) => (
    <button type="button" aria-label={`${words}: ${line}`} onClick={press}>
      {words}
    </button>
  )
  return (
    <div class="deeds update-deeds">
      {deed('Revise', () => deeds.revise(update))}
      {deed(update.isKeyEvent ? 'No key event' : 'Make key event', () => deeds.toggleKey(update))}
      {deed(pinned ? 'Unpin' : 'Pin', () => deeds.pin(pinned ? undefined : update))}
      {deed('Retract', askRetract)}
    </div>
  )
}
