import type { Operation } from './operation.ts'
import { cleaningOperations } from './operations/cleaning.ts'
import { deadLetterOperations } from './operations/dead-letters.ts'
import { eventOperations } from './operations/events.ts'
import { feedOperations } from './operations/feeds.ts'
import { opsOperations } from './operations/ops.ts'
import { pageOperations } from './operations/pages.ts'
import { repairOperations } from './operations/repair.ts'
import { replayOperations } from './operations/replays.ts'
import { updateOperations } from './operations/updates.ts'

/** Every route of Dateline. A new route is described here, or tests/contract/reference.test.ts fails. */
export const OPERATIONS: readonly Operation[] = [
  ...eventOperations,
  ...updateOperations,
  ...cleaningOperations,
  ...feedOperations,
  ...replayOperations,
  ...deadLetterOperations,
  ...repairOperations,
  ...opsOperations,
  ...pageOperations,
]
