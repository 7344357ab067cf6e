import { copyEvent, type EventCopy, type EventCopyNeeds } from './event-copy.ts'
import { type EventStaging, stageEvent } from './event-staging.ts'

export interface Archives {
  /** The event as it stands now, to be exported; undefined when there is none. Drop it when it has been read. */
  copy(eventId: string): Promise<EventCopy | undefined>
  /** Where an import is put together. Drop it in any case. */
  stage(eventId: string): EventStaging
}

/** What exports read from and imports write to. */
export function createArchives(needs: EventCopyNeeds): Archives {
  return {
    copy: eventId => copyEvent(needs, eventId),
    stage: eventId => stageEvent(needs, eventId),
  }
}
