import { copyEvent, type EventCopy, type EventCopyNeeds } from './event-copy.ts'
import { type EventStaging, stageEvent } from './event-staging.ts'
import { moveOut } from './move-out.ts'

export interface Archives {
  /** The event as it stands now, to be exported; undefined when there is none. Drop it when it has been read. */
  copy(eventId: string): Promise<EventCopy | undefined>
  /** Where an import is put together. Drop it in any case. */
  stage(eventId: string): EventStaging
  /**
   * Lets an archived event go out of Redis, whose archive is safe under this name in the archive store: in one step, and only
   * as it stands in the copy that the archive was made of. `changed`: nothing was done, make the archive anew.
   */
  moveOut(copy: EventCopy, name: string): Promise<'moved' | 'changed'>
  /** Its archive's name in the archive store; undefined when it is not there. */
  storedAs(eventId: string): Promise<string | undefined>
}

/** What exports read from and imports write to. */
export function createArchives(needs: EventCopyNeeds): Archives {
  const { redis, keys } = needs
  return {
    copy: eventId => copyEvent(needs, eventId),
    stage: eventId => stageEvent(needs, eventId),
    moveOut: (copy, name) => moveOut(needs, copy, name),
    storedAs: async eventId => (await redis.hget(keys.event(eventId).meta, 'stored')) ?? undefined,
  }
}
