import type { DatelineClient, WriteOptions } from '../../src/client/types.ts'
import type { ArticleImport } from '../../src/protocol/article.ts'
import { draftKey } from './draft-key.ts'
import { waitReason } from './wait-reason.ts'

/** What an editor confirmed of a pasted page. */
export type ConfirmedImport = Pick<ArticleImport, 'event' | 'updates'>

export interface ImportProgress {
  /** Of the event and its updates, so many are posted. */
  readonly posted: number
  readonly total: number
  /** Why the next one has to be sent again, while it has. */
  readonly waits?: string
}

export interface PostImportNeeds {
  readonly client: Pick<DatelineClient, 'createEvent' | 'publish'>
  readonly tell: (progress: ImportProgress) => void
  readonly signal?: AbortSignal
}

/**
 * Posts the event, then its updates in order, each under a key that is derived from the whole draft: whatever came between,
 * doing it again adds nothing. Answers the event's id; rejects with a ProblemError.
 */
export async function postImport(confirmed: ConfirmedImport, needs: PostImportNeeds): Promise<string> {
  const { client, tell, signal } = needs
  const { event, updates } = confirmed
  const total = updates.length + 1
  const key = draftKey(JSON.stringify([event, updates]))
  const options = (part: string | number, posted: number): WriteOptions => ({
    key: `page-${key}-${part}`,
    onRepeat: ({ problem }) => tell({ posted, total, waits: waitReason(problem) }),
    ...(signal === undefined ? {} : { signal }),
  })
  tell({ posted: 0, total })
  const { id } = await client.createEvent(event, options('event', 0))
  for (const [index, { body, bodyFormat, happenedAt }] of updates.entries()) {
    tell({ posted: index + 1, total })
    const draft = { body, bodyFormat, ...(happenedAt === undefined ? {} : { happenedAt }) }
    await client.publish(id, draft, options(index + 1, index + 1))
  }
  tell({ posted: total, total })
  return id
}
