import { useRef, useState } from 'preact/hooks'
import { uuidv7 } from 'uuidv7'
import type { DatelineClient } from '../../src/client/types.ts'
import type { Event, EventStatus } from '../../src/protocol/event.ts'
import type { Snapshot } from '../../src/protocol/snapshot.ts'
import type { Update } from '../../src/protocol/update.ts'
import { lineFor } from '../reading/announcement.ts'
import type { FeedDeeds } from './desk-feed.tsx'
import { type Draft, draftOf, EMPTY_DRAFT, isUntouched, revisionOf } from './draft.ts'
import { isBlank, toDraft } from './editor-fields.ts'
import { problemOf } from './problem-of.ts'
import { type Submission, versionToMatch } from './submission.ts'
import type { KeptDraft } from './use-draft.ts'
import type { Submissions } from './use-submissions.ts'

export interface DeskDeedsNeeds {
  readonly client: DatelineClient
  readonly eventId: string
  readonly event: Event | undefined
  readonly view: Snapshot | undefined
  readonly kept: KeptDraft
  readonly submissions: Submissions
}

/** What an editor can do at an event's desk: each deed becomes a submission, or says what hinders it. */
export function useDeskDeeds({ client, eventId, event, view, kept, submissions }: DeskDeedsNeeds) {
  const [hindrance, setHindrance] = useState<string>()
  const [cleared, setCleared] = useState<Draft>()
  const [isReading, setReading] = useState(false)
  const zone = event?.timeZone ?? 'UTC'
  const { draft } = kept
  const latest = useRef(draft)
  latest.current = draft
  const currentUpdate = (id: string) =>
    view?.updates.find(update => update.id === id) ?? (view?.pinned?.id === id ? view.pinned : undefined)
  const versionOf = (update: Update) => versionToMatch(submissions.list, update.version, update.id)
  const replaceDraft = (next: Draft): boolean => {
    const free = isUntouched(latest.current, zone)
    setHindrance(free ? undefined : NOT_FREE)
    if (free) {
      kept.change(next)
      focusEditor()
    }
    return free
  }

  const post = () => {
    const reason = hindranceOf(draft, event)
    setHindrance(reason)
    if (reason !== undefined) return
    const label = labelOf(draft)
    const { errors: _, ...sent } = draft
    if (draft.revises === undefined) {
      submissions.send({ kind: 'publish', draft: { ...toDraft(draft.fields), updateId: uuidv7() } }, label, sent)
    } else {
      const { id } = draft.revises.update
      const revision = revisionOf(draft.revises, currentUpdate(id), draft.fields, zone)
      submissions.send({ kind: 'revise', updateId: id, ...revision }, label, sent)
    }
    setCleared(undefined)
    kept.change(EMPTY_DRAFT)
  }

  const changeEvent = (patch: { status?: EventStatus; pinnedUpdateId?: string | null }, label: string) => {
    if (event === undefined) return
    submissions.send({ kind: 'change event', version: versionToMatch(submissions.list, event.version), patch }, label)
  }

  const feed: FeedDeeds = {
    revise(update) {
      if (!isUntouched(draft, zone)) {
        setHindrance(NOT_FREE)
        return
      }
      setReading(true)
      client
        .draft(eventId, update.id, { signal: AbortSignal.timeout(READ_FOR_MS) })
        .then(
          ({ version, draft: typed }) => replaceDraft(draftOf({ update, typed, version }, zone)),
          (error: unknown) => setHindrance(`What was typed could not be read. ${reasonOf(error)} Try again.`),
        )
        .finally(() => setReading(false))
    },
    keepAsTyped: (update, version, steps, label) =>
      submissions.send(
        {
          kind: 'revise',
          updateId: update.id,
          version: versionToMatch(submissions.list, version, update.id),
          patch: { keepAsTyped: steps.length === 0 ? null : [...steps] },
        },
        `${label}: ${lineFor(update)}`,
      ),
    retract: (update, reason) =>
      submissions.send(
        {
          kind: 'retract',
          updateId: update.id,
          version: versionOf(update),
          ...(reason === undefined ? {} : { reason }),
        },
        `Retract: ${lineFor(update)}`,
      ),
    toggleKey: update =>
      submissions.send(
        {
          kind: 'revise',
          updateId: update.id,
          version: versionOf(update),
          patch: { isKeyEvent: !update.isKeyEvent },
        },
        `${update.isKeyEvent ? 'No key event' : 'Key event'}: ${lineFor(update)}`,
      ),
    pin: update =>
      changeEvent({ pinnedUpdateId: update?.id ?? null }, update === undefined ? 'Unpin' : `Pin: ${lineFor(update)}`),
  }

  const canUndo = cleared !== undefined && isUntouched(draft, zone) && draft.revises === undefined
  return {
    hindrance,
    /** What was typed for an update is on its way into the editor. */
    isReading,
    feed,
    currentUpdate,
    post,
    changeDraft(next: Draft) {
      setHindrance(undefined)
      kept.change(next)
    },
    clear() {
      setHindrance(undefined)
      setCleared(isUntouched(draft, zone) ? undefined : draft)
      kept.change(EMPTY_DRAFT)
    },
    undoClear: canUndo
      ? () => {
          kept.change(cleared)
          setCleared(undefined)
        }
      : undefined,
    setStatus: (status: EventStatus) => changeEvent({ status }, `Event status: ${status}`),
    putBack(submission: Submission) {
      if (submission.draft === undefined || submission.progress.name !== 'failed') return
      const { errors } = submission.progress.problem
      const next: Draft = { ...submission.draft, ...(errors === undefined ? {} : { errors }) }
      if (replaceDraft(next)) submissions.dismiss(submission.key)
    },
    overwrite(submission: Submission) {
      const { task, key, label } = submission
      if (task.kind === 'publish') return
      const id = task.kind === 'change event' ? undefined : task.updateId
      const shown = id === undefined ? event?.version : currentUpdate(id)?.version
      const version = versionToMatch(submissions.list, shown ?? task.version, id)
      submissions.dismiss(key)
      submissions.send({ ...task, version }, label, submission.draft)
    },
  }
}

/** The editor waits no longer for what was typed. */
const READ_FOR_MS = 5_000

const NOT_FREE = 'There is unsent text in the editor. Post it or clear it first.'

function reasonOf(error: unknown): string {
  if (error instanceof DOMException) return 'The server does not answer.'
  const { title, detail } = problemOf(error)
  return detail ?? `${title}.`
}

function hindranceOf(draft: Draft, event: Event | undefined): string | undefined {
  if (isBlank(draft.fields)) return 'There is nothing to post yet: write a text, or add a picture or a link.'
  if (draft.revises === undefined) return undefined
  if (event === undefined) return 'The event has not been read yet. A moment.'
  return isUntouched(draft, event.timeZone) ? 'Nothing was changed.' : undefined
}

const LABEL_CHARS = 80

function labelOf({ fields, revises }: Draft): string {
  const text = [fields.headline, fields.body, fields.mediaCaption, fields.mediaUrl, fields.embedUrl].find(
    typed => typed.trim() !== '',
  )
  const line = (text ?? '').trim().slice(0, LABEL_CHARS)
  return `${revises === undefined ? 'Update' : 'Revision'}: ${line}`
}

function focusEditor(): void {
  requestAnimationFrame(() => {
    const heading = document.getElementById('editor')
    heading?.scrollIntoView({ block: 'start' })
    heading?.focus({ preventScroll: true })
  })
}
