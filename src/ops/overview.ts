import type { ActivePlace, EventIndex } from '../feed/event-index.ts'
import type { EventOverviews } from '../feed/event-overviews.ts'
import type { Presence } from '../feed/presence.ts'
import { isOutage } from '../foundation/http/answer-problem.ts'
import { reaches, type Subject } from '../foundation/tokens.ts'
import type { Intake, Overview, ProcessPresence, StoreState } from '../protocol/ops.ts'
import type { QueueDoor } from '../queue/queue-door.ts'
import type { MemoryUse, MemoryWatch } from './memory-watch.ts'

export interface OverviewNeeds {
  readonly index: Pick<EventIndex, 'active'>
  readonly eventOverviews: EventOverviews
  readonly presence: Pick<Presence, 'list'>
  readonly queueDoors: readonly QueueDoor[]
  readonly intakeNow: { readonly now: Intake }
  readServer(): Promise<MemoryUse & { version: string }>
  readonly memoryWatch: MemoryWatch
  readonly durability: StoreState['durability']
}

export interface OverviewPage {
  readonly overview: Overview
  readonly next: ActivePlace | undefined
}

export interface OverviewAsk {
  /** A token for some events is told of these only. */
  readonly subject: Subject
  readonly limit: number
  readonly after: ActivePlace | undefined
}

/**
 * All that runs, in one answer. While Redis is away that is an answer too: it is not reachable, and of the rest nothing is
 * known.
 */
export function createOverview(needs: OverviewNeeds) {
  const { index, eventOverviews, presence, queueDoors, intakeNow, durability } = needs
  let lastStore: StoreState = {
    ...{ reachable: false, usedBytes: 0, maxBytes: null, fullAt: null, durability, version: '' },
  }

  async function readStore(now: Date): Promise<StoreState> {
    const { version, ...use } = await needs.readServer()
    const { usedBytes, limitBytes, secondsUntilFull } = needs.memoryWatch(use)
    return {
      ...{ reachable: true, usedBytes, maxBytes: limitBytes === 0 ? null : limitBytes, durability, version },
      fullAt: momentIn(secondsUntilFull, now),
    }
  }

  async function readPage({ subject, limit, after }: OverviewAsk, now: Date): Promise<OverviewPage> {
    const page = subject.events === undefined ? index.active(limit, after) : pageOf(subject.events, limit, after)
    const events = page.then(({ ids }) => eventOverviews.read(ids, now))
    const [store, queues, processes, shown, { next }] = await Promise.all([
      readStore(now),
      Promise.all(queueDoors.map(door => door.counts())),
      presence.list(),
      events,
      page,
    ])
    lastStore = store
    const seen = processes.map(process => withRoomsOf(subject, process))
    const overview = { at: now.toISOString(), intake: intakeNow.now, store, queues, processes: seen, events: shown }
    return { overview, next }
  }

  return async (ask: OverviewAsk, now: Date): Promise<OverviewPage> => {
    try {
      return await readPage(ask, now)
    } catch (error) {
      if (!isOutage(error)) throw error
      const store = { ...lastStore, reachable: false }
      const nothing = { queues: [], processes: [], events: [] }
      return { overview: { at: now.toISOString(), intake: intakeNow.now, store, ...nothing }, next: undefined }
    }
  }
}

/** Farther ahead a forecast says nothing, and is no date either. */
const FARTHEST_S = 10 * 365 * 86_400

function momentIn(seconds: number, now: Date): string | null {
  return seconds > FARTHEST_S ? null : new Date(now.getTime() + seconds * 1_000).toISOString()
}

/** The events that a token names, by their ids. */
async function pageOf(eventIds: readonly string[], limit: number, after: ActivePlace | undefined) {
  const rest = eventIds.toSorted().filter(id => after === undefined || id > after.id)
  const ids = rest.slice(0, limit)
  const last = ids.at(-1)
  return { ids, next: last === undefined || rest.length === ids.length ? undefined : { ms: 0, id: last } }
}

/** A rehearsal's room does not tell whose it is. */
function withRoomsOf(subject: Subject, process: ProcessPresence): ProcessPresence {
  if (subject.events === undefined) return process
  return { ...process, rooms: process.rooms.filter(({ room }) => reaches(subject, room)) }
}
