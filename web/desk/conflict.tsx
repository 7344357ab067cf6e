import type { Update } from '../../src/protocol/update.ts'
import type { Draft } from './draft.ts'

/** Both texts of a revision that came second: the one that stands now, and this desk's. */
export function Conflict({ draft, now }: { draft: Draft; now: Update | undefined }) {
  return (
    <div class="conflict">
      <section>
        <h3>Now published</h3>
        {now === undefined ? (
          <p class="soft">It is no longer among the updates shown here: it may have been retracted.</p>
        ) : (
          <>
            {now.headline === undefined || now.headlineDerived === true ? null : (
              <p dir="auto">
                <b>{now.headline}</b>
              </p>
            )}
            <p class="text" dir="auto">
              {now.bodyText}
            </p>
          </>
        )}
      </section>
      <section>
        <h3>Yours</h3>
        {draft.fields.headline === '' ? null : (
          <p dir="auto">
            <b>{draft.fields.headline}</b>
          </p>
        )}
        <p class="text" dir="auto">
          {draft.fields.body}
        </p>
      </section>
    </div>
  )
}
