import { useEffect, useMemo, useState } from 'preact/hooks'
import type { DatelineClient } from '../../src/client/types.ts'
import type { Event } from '../../src/protocol/event.ts'
import type { Problem } from '../../src/protocol/problems.ts'
import { useNow } from '../reading/use-now.ts'
import { DeskFeed } from './desk-feed.tsx'
import type { DeskStorage } from './desk-storage.ts'
import { wholeDraft } from './draft.ts'
import { Editor } from './editor.tsx'
import { EventControls } from './event-controls.tsx'
import { HeldList } from './held-list.tsx'
import { OtherDrafts } from './other-drafts.tsx'
import { PreviewPanel } from './preview-panel.tsx'
import { problemOf } from './problem-of.ts'
import { SettingsPanel } from './settings-panel.tsx'
import { SubmissionList } from './submission-list.tsx'
import { useDeskDeeds } from './use-desk-deeds.ts'
import { useDraft } from './use-draft.ts'
import { useEventFeed } from './use-event-feed.ts'
import { usePreview } from './use-preview.ts'
import { useSubmissions } from './use-submissions.ts'

export interface EventDeskProps {
  readonly client: DatelineClient
  readonly eventId: string
  readonly storage: DeskStorage
  readonly pictureOrigins: readonly string[]
  /** Grows with each new token: what was refused for the old one is sent again. */
  readonly tokenNumber: number
  readonly onTokenRefused: () => void
  readonly leave: () => void
  /** Contributors see neither what is held nor how the event's updates are cleaned. */
  readonly isEditor: boolean
}

/** One event's desk: the editor, what was sent, and the live feed beside them. */
export function EventDesk(props: EventDeskProps) {
  const { client, eventId, storage, pictureOrigins, tokenNumber, onTokenRefused, leave, isEditor } = props
  const submissions = useSubmissions(client, eventId, storage, onTokenRefused)
  const { view, connection, viewers } = useEventFeed(client, eventId, submissions.see)
  const kept = useDraft(storage)
  const { read, problem } = useEvent(client, eventId, tokenNumber)
  const event = view?.event ?? read
  const busy = submissions.list.some(({ progress }) => progress.name === 'repeating')
  const nowMs = useNow(Date.now(), busy || connection.name === 'waiting')
  const deeds = useDeskDeeds({ client, eventId, event, view, kept, submissions })
  const whole = wholeDraft(kept.draft, event?.timeZone ?? 'UTC')
  const shown = usePreview(client, eventId, whole)
  const heldHere = submissions.list.filter(({ progress }) => progress.name === 'ended' && progress.state === 'held')
  const ownZone = useMemo(() => new Intl.DateTimeFormat().resolvedOptions().timeZone, [])

  useEffect(() => {
    for (const one of submissions.list) {
      if (one.progress.name === 'failed' && one.progress.problem.status === 401) submissions.sendAgain(one)
    }
  }, [tokenNumber])

  return (
    <div class="event-desk">
      {event === undefined ? (
        <header class="event-controls">
          <h1>{eventId}</h1>
          {problem === undefined ? null : (
            <p class="fault" role="alert">
              {problem.detail ?? problem.title}
            </p>
          )}
          <button type="button" onClick={leave}>
            Another event
          </button>
        </header>
      ) : (
        <EventControls event={event} setStatus={deeds.setStatus} leave={leave} />
      )}
      <div class="writing">
        <Editor
          draft={kept.draft}
          zone={event?.timeZone}
          stored={kept.stored && submissions.stored}
          change={deeds.changeDraft}
          post={deeds.post}
          clear={deeds.clear}
          undoClear={deeds.undoClear}
          hindrance={deeds.hindrance}
          isReading={deeds.isReading}
        >
          {shown === undefined || whole === undefined ? null : (
            <PreviewPanel shown={shown} isStale={JSON.stringify(shown.of) !== JSON.stringify(whole)} />
          )}
        </Editor>
        {isEditor ? (
          <HeldList
            client={client}
            eventId={eventId}
            zone={event?.timeZone ?? 'UTC'}
            trigger={`${tokenNumber} ${heldHere.length}`}
          />
        ) : null}
        <OtherDrafts storage={storage} current={kept.draft} zone={event?.timeZone ?? 'UTC'} take={kept.change} />
        <SubmissionList
          list={submissions.list}
          nowMs={nowMs}
          currentUpdate={deeds.currentUpdate}
          sendAgain={submissions.sendAgain}
          dismiss={submissions.dismiss}
          putBack={deeds.putBack}
          overwrite={deeds.overwrite}
        />
        {isEditor ? <SettingsPanel client={client} eventId={eventId} /> : null}
      </div>
      <DeskFeed
        client={client}
        view={view}
        connection={connection}
        viewers={viewers}
        reader={{ zone: event?.timeZone ?? 'UTC', ownZone, language: 'en', nowMs, pictureOrigins }}
        deeds={deeds.feed}
      />
      <p class="hidden-text" role="status">
        {submissions.announcement}
      </p>
    </div>
  )
}

interface EventReading {
  readonly read?: Event
  readonly problem?: Problem
}

/** The event as read over HTTP, which may be there when the feed is not, or why it is not. */
function useEvent(client: DatelineClient, eventId: string, tokenNumber: number): EventReading {
  const [reading, setReading] = useState<EventReading>({})
  useEffect(() => {
    client.event(eventId).then(
      read => setReading({ read }),
      (error: unknown) => setReading({ problem: problemOf(error) }),
    )
  }, [tokenNumber])
  return reading
}
