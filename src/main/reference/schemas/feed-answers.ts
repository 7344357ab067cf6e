import { z } from 'zod'
import { Entry } from '../../../protocol/entry.ts'
import { Event } from '../../../protocol/event.ts'
import type { EventAudience, FeedProof as FeedProofType } from '../../../protocol/ops.ts'
import { Position } from '../../../protocol/position.ts'
import type { EntryPage as EntryPageType, Snapshot as SnapshotType } from '../../../protocol/snapshot.ts'
import { Instant } from '../../../protocol/time.ts'
import { EventId, Update, UpdateId } from '../../../protocol/update.ts'
import { Count, describes, Number1 } from './describes.ts'

const EventList = z.strictObject({ events: z.array(Event) })

export const Snapshot = describes<SnapshotType>()(
  z.strictObject({
    event: Event,
    position: Position,
    updates: z.array(Update).describe('Newest sortTime first; retracted ones are left out.'),
    pinned: Update.nullable().describe('The pinned update, wherever it stands.'),
    keyEvents: z
      .array(z.strictObject({ id: UpdateId, headline: z.string(), happenedAt: Instant }))
      .describe('Newest first.'),
    links: z.strictObject({ older: z.exactOptional(z.string()).describe('The page of older updates.') }),
  }),
)

const EntryPage = describes<EntryPageType>()(
  z.strictObject({
    epoch: z.string(),
    entries: z.array(Entry).describe('Oldest first, as they were committed.'),
    position: Position.describe('Of the last entry here, or of `after` when there is none.'),
    complete: z.boolean().describe('Nothing later exists now.'),
  }),
)

const FeedProof = describes<FeedProofType>()(
  z.discriminatedUnion('complete', [
    z.strictObject({ complete: z.literal(true), from: Count, to: Count, epoch: z.string(), chain: z.string() }),
    z.strictObject({
      complete: z.literal(false),
      firstDifference: z.strictObject({
        seq: Number1,
        problem: z.enum(['missing', 'out-of-place', 'not-linked', 'other-end']),
      }),
    }),
  ]),
)

const Audience = describes<EventAudience>()(
  z.strictObject({
    eventId: EventId,
    viewers: Count.describe('Sockets, streams and pollers together.'),
    sockets: Count,
    streams: Count,
    pollers: Count.describe('Counted roughly.'),
    peak: Count.describe('Most viewers at once since the event began.'),
    peakAt: Instant.nullable(),
    joins: Count.describe('How often somebody joined; who came back counts again.'),
  }),
)

export const feedAnswers = {
  EventList,
  Snapshot,
  EntryPage,
  FeedProof,
  Audience,
}
