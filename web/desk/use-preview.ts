import { useEffect, useRef, useState } from 'preact/hooks'
import type { z } from 'zod'
import type { DatelineClient } from '../../src/client/types.ts'
import type { Preview } from '../../src/protocol/preview.ts'
import type { UpdateDraft } from '../../src/protocol/update.ts'
import { createLatest, type Latest } from './latest.ts'

const EVERY_MS = 300
const PATIENCE_MS = 3_000

type DraftInput = z.input<typeof UpdateDraft>

export interface ShownPreview {
  readonly preview: Preview
  /** The draft that it is a preview of. */
  readonly of: DraftInput
}

/**
 * What would become of a draft, asked while it is typed. Quiet when there is no answer: a preview is a help, and whoever
 * types must not be disturbed by its absence. What is wrong with a draft is said when it is posted.
 */
export function usePreview(
  client: DatelineClient,
  eventId: string,
  draft: DraftInput | undefined,
): ShownPreview | undefined {
  const [shown, setShown] = useState<ShownPreview>()
  const latest = useRef<Latest<DraftInput>>(undefined)
  const wish = draft === undefined ? undefined : JSON.stringify(draft)

  useEffect(() => {
    latest.current = createLatest<DraftInput, Preview>({
      ask: (wanted, signal) => client.preview(eventId, wanted, { signal }),
      tell: (of, preview) => setShown({ of, preview }),
      fail: () => setShown(undefined),
      everyMs: EVERY_MS,
      patienceMs: PATIENCE_MS,
    })
    return () => latest.current?.stop()
  }, [])

  useEffect(() => {
    if (draft === undefined) {
      latest.current?.stop()
      setShown(undefined)
    } else if (navigator.onLine) {
      latest.current?.want(draft)
    }
  }, [wish])
  return shown
}
