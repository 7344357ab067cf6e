import type { z } from 'zod'
import { RebroadcastRequest } from '../../../ops/repair-routes.ts'
import { Revocation, RevocationRequest } from '../../../protocol/access.ts'
import { ArticleImport, ArticleInput } from '../../../protocol/article.ts'
import { Entry } from '../../../protocol/entry.ts'
import { Event, EventDraft, EventPatch } from '../../../protocol/event.ts'
import { HeldDecision } from '../../../protocol/held.ts'
import { NormalizationSettings } from '../../../protocol/normalization.ts'
import {
  DeadLetterDiscard,
  DeadLetterRetry,
  DeadLettersRetry,
  Intake,
  IntakeRequest,
  QueueRequest,
} from '../../../protocol/ops.ts'
import { Position, PositionInput } from '../../../protocol/position.ts'
import { ReplayPatch, ReplayRequest } from '../../../protocol/replay.ts'
import { JoinRequest, LeaveRequest, RefreshRequest } from '../../../protocol/socket.ts'
import { Author, Embed, Media, Retraction, Update, UpdateDraft, UpdatePatch } from '../../../protocol/update.ts'
import { feedAnswers } from './feed-answers.ts'
import { opsAnswers } from './ops-answers.ts'
import { Problem } from './problem.ts'
import { repairAnswers } from './repair-answers.ts'
import { socketAnswers } from './socket-answers.ts'
import { writeAnswers } from './write-answers.ts'

/** What is sent to Dateline, as it may be sent: what has a default may be left out. */
export const REQUESTS = {
  ...{ EventDraft, EventPatch, UpdateDraft, UpdatePatch, Retraction },
  ...{ HeldDecision, NormalizationSettingsRequest: NormalizationSettings, ArticleInput },
  ...{ ReplayRequest, ReplayPatch, IntakeRequest, QueueRequest, RebroadcastRequest, RevocationRequest },
  ...{ DeadLetterRetry, DeadLetterDiscard, DeadLettersRetry },
  ...{ PositionInput, JoinRequest, LeaveRequest, RefreshRequest },
  /** An answer, but of drafts: they are as they may be sent. */
  ArticleImport,
} as const satisfies Record<string, z.ZodType>

/** What Dateline answers. */
export const ANSWERS = {
  ...{ Event, Update, Entry, Position, Author, Media, Embed, Intake, Revocation, Problem, NormalizationSettings },
  ...feedAnswers,
  ...writeAnswers,
  ...opsAnswers,
  ...repairAnswers,
  ...socketAnswers,
} as const satisfies Record<string, z.ZodType>

export type RequestName = keyof typeof REQUESTS
export type SchemaName = RequestName | keyof typeof ANSWERS
