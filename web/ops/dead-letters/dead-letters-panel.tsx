import { useState } from 'preact/hooks'
import type { DeadLetter } from '../../../src/protocol/ops.ts'
import type { OpsApi } from '../ops-api.ts'
import { ConfirmButton } from '../parts/confirm-button.tsx'
import { DeedAnswer, Panel, Reading } from '../parts/panel.tsx'
import { useDeeds } from '../parts/use-deeds.ts'
import { usePolled } from '../parts/use-polled.ts'
import { DeadLetterItem } from './dead-letter-item.tsx'
import type { Letter } from './letter.ts'
import { type Outcome, outcomeWords, retryAll, retryChosen } from './retry-many.ts'
import { StrayList } from './stray-list.tsx'

export interface DeadLettersPanelProps {
  readonly api: OpsApi
  /** Undefined: those of all events. */
  readonly eventId: string | undefined
}

const EVERY_MS = 5_000

/** What could not be published: to look at, mend, retry or discard. */
export function DeadLettersPanel({ api, eventId }: DeadLettersPanelProps) {
  const [page, setPage] = useState<string>()
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const read = usePolled(signal => api.deadLetters(eventId, page, signal), {
    everyMs: EVERY_MS,
    key: `${eventId ?? ''} ${page ?? ''}`,
  })
  const [said, say] = useState('')
  const deeds = useDeeds(read.reload, say)

  return (
    <Panel
      title="Dead letters"
      hint="Submissions that could not be published. Nothing of them is lost: what was sent stands here until it is retried or discarded."
    >
      <Reading polled={read} what="the dead letters">
        {({ page: answer, next }) => {
          const { deadLetters } = answer
          const letters = deadLetters.map(letter => withEvent(letter, eventId))
          const marked = letters.filter(letter => chosen.has(letterKey(letter)))
          return (
            <>
              {letters.length === 0 ? <p class="soft">There are none.</p> : null}
              <ol class="letters">
                {letters.map(letter => (
                  <DeadLetterItem
                    key={letterKey(letter)}
                    api={api}
                    letter={letter}
                    namesEvent={eventId === undefined}
                    isChosen={chosen.has(letterKey(letter))}
                    choose={isChosen => setChosen(withOrWithout(chosen, letterKey(letter), isChosen))}
                    reload={read.reload}
                    tell={say}
                  />
                ))}
              </ol>
              <StrayList api={api} strays={'strays' in answer ? answer.strays : []} reload={read.reload} tell={say} />
              <div class="deeds">
                {letters.length === 0 ? null : (
                  <>
                    <button
                      type="button"
                      onClick={() => setChosen(new Set(marked.length < letters.length ? letters.map(letterKey) : []))}
                    >
                      {marked.length < letters.length ? 'Choose all shown' : 'Choose none'}
                    </button>
                    <button
                      type="button"
                      aria-disabled={marked.length === 0 || deeds.isBusy}
                      onClick={() => marked.length > 0 && deeds.act(() => retryChosen(api, marked), outcomeWords)}
                    >
                      Retry the chosen ({marked.length})
                    </button>
                  </>
                )}
                {letters.length === 0 || eventId === undefined ? null : (
                  <ConfirmButton
                    label="Retry all"
                    isBusy={deeds.isBusy}
                    title="Retry all dead letters of this event?"
                    deed="Retry all"
                    keep="Leave them"
                    act={() => deeds.act<Outcome>(() => retryAll(api, eventId), outcomeWords)}
                  >
                    <p>
                      Those that can be published now are published, as of now, in the order in which they were sent.
                    </p>
                  </ConfirmButton>
                )}
                {next === undefined ? null : (
                  <button type="button" onClick={() => setPage(next)}>
                    Next page
                  </button>
                )}
                {page === undefined ? null : (
                  <button type="button" onClick={() => setPage(undefined)}>
                    First page
                  </button>
                )}
              </div>
            </>
          )
        }}
      </Reading>
      <DeedAnswer deeds={{ ...deeds, said }} />
    </Panel>
  )
}

function withEvent(letter: DeadLetter | Letter, eventId: string | undefined): Letter {
  return { ...letter, eventId: 'eventId' in letter ? letter.eventId : (eventId ?? '') }
}

function letterKey({ eventId, acceptNumber }: Letter): string {
  return `${eventId}/${acceptNumber}`
}

function withOrWithout(set: ReadonlySet<string>, key: string, isIn: boolean): ReadonlySet<string> {
  const next = new Set(set)
  if (isIn) next.add(key)
  else next.delete(key)
  return next
}
