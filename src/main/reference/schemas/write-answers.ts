import { z } from 'zod'
import type { Discarded as DiscardedType, HeldPage as HeldPageType } from '../../../protocol/held.ts'
import {
  NormalizationNote,
  NormalizationSettings,
  type SettingsNow as SettingsNowType,
} from '../../../protocol/normalization.ts'
import type { Preview as PreviewType, TypedDraft as TypedDraftType } from '../../../protocol/preview.ts'
import type { Receipt as ReceiptType, SubmissionStatus as SubmissionStatusType } from '../../../protocol/submission.ts'
import { Instant } from '../../../protocol/time.ts'
import { DraftContent, Update, UpdateId } from '../../../protocol/update.ts'
import { Count, describes, Number1 } from './describes.ts'
import { Problem } from './problem.ts'

const Somebody = z.strictObject({ sub: z.string(), name: z.string() })

const Receipt = describes<ReceiptType>()(
  z.strictObject({
    updateId: z.exactOptional(UpdateId),
    version: z.exactOptional(Number1),
    acceptNumber: Number1,
    state: z.literal('accepted'),
    durability: z.enum(['always', 'everysec', 'no']).describe("What Redis' appendfsync promises of it."),
    links: z.strictObject({
      update: z.exactOptional(z.string()),
      event: z.exactOptional(z.string()),
      submission: z.string(),
    }),
  }),
)

const SubmissionStatus = describes<SubmissionStatusType>()(
  z.strictObject({
    acceptNumber: Number1,
    updateId: z.exactOptional(UpdateId),
    state: z.enum([
      'accepted',
      'published',
      'revised',
      'retracted',
      'applied',
      'dead',
      'held',
      'released',
      'retried',
      'discarded',
      'superseded',
    ]),
    seq: z.exactOptional(Number1),
    releasedAs: z.exactOptional(Number1).describe('The accept number that a released one has now.'),
    retriedAs: z.exactOptional(Number1).describe('The accept number that a retried dead letter has now.'),
    problem: z.exactOptional(Problem),
  }),
)

const TypedDraft = describes<TypedDraftType>()(
  z.strictObject({
    version: Number1.describe('The one to name in If-Match: it may be ahead of what readers see.'),
    draft: DraftContent,
    normalization: z.array(NormalizationNote),
    retracted: z.exactOptional(z.literal(true)),
  }),
)

const Preview = describes<PreviewType>()(
  z.strictObject({
    update: Update,
    normalization: z.array(NormalizationNote),
    held: z
      .exactOptional(z.strictObject({ step: z.string(), reason: z.string() }))
      .describe('It would wait for an editor, and why.'),
  }),
)

const SettingsNow = describes<SettingsNowType>()(
  z.strictObject({ version: Count.describe('0: nobody has changed them yet.'), settings: NormalizationSettings }),
)

const HeldPage = describes<HeldPageType>()(
  z.strictObject({
    held: z.array(
      z.strictObject({
        acceptNumber: Number1,
        updateId: UpdateId,
        version: Number1.describe('The version that it would have made.'),
        kind: z.enum(['publish', 'revise']),
        submittedBy: Somebody,
        acceptedAt: Instant,
        step: z.string().describe('The step that holds it.'),
        reason: z.string(),
        draft: DraftContent,
      }),
    ),
    complete: z.boolean().describe('Nothing was held after these.'),
  }),
)

const Discarded = describes<DiscardedType>()(
  z.strictObject({ acceptNumber: Number1, updateId: UpdateId, state: z.literal('discarded') }),
)

export const writeAnswers = {
  Receipt,
  SubmissionStatus,
  TypedDraft,
  Preview,
  SettingsNow,
  HeldPage,
  Discarded,
}
