import { lineFor } from '../reading/announcement.ts'
import { textDirection } from '../reading/direction.ts'
import { updateAnchor } from '../reading/links.ts'
import { ownWords, type Reader } from '../reading/reader.ts'
import { clockTime, dayOf, timeBeside } from '../reading/times.ts'
import { loadedUpdates, type ViewerModel } from './viewer-model.ts'

export interface EventSidebarProps {
  readonly model: ViewerModel
  readonly reader: Reader
  readonly goToUpdate: ((updateId: string) => void) | undefined
}

/** Beside the feed: the summary points, and the key events as a way to find one's place. */
export function EventSidebar({ model, reader, goToUpdate }: EventSidebarProps) {
  const { event, keyEvents } = model.view
  if (event.summaryPoints.length === 0 && keyEvents.length === 0) return null
  return (
    <aside class="side">
      {event.summaryPoints.length === 0 ? null : (
        <section class="points" aria-labelledby="points">
          <h2 id="points" {...ownWords(reader)}>
            At a glance
          </h2>
          <ul>
            {event.summaryPoints.map(point => (
              <li key={point}>{point}</li>
            ))}
          </ul>
        </section>
      )}
      {keyEvents.length === 0 ? null : <KeyEvents model={model} reader={reader} goToUpdate={goToUpdate} />}
    </aside>
  )
}

function KeyEvents({ model, reader, goToUpdate }: EventSidebarProps) {
  const { zone, language } = reader
  const loaded = new Map(loadedUpdates(model).map(update => [update.id, update]))
  const { keyEvents, event } = model.view
  const oneDay = new Set(keyEvents.map(key => dayOf(key.happenedAt, zone))).size === 1
  return (
    <nav class="key-events" aria-labelledby="key-events">
      <h2 id="key-events" {...ownWords(reader)}>
        Key events
      </h2>
      <ol>
        {keyEvents.map(({ id, headline, happenedAt }) => {
          const update = loaded.get(id)
          const text = headline !== '' || update === undefined ? headline : lineFor(update)
          const time = oneDay
            ? clockTime(happenedAt, zone, language)
            : timeBeside(happenedAt, new Date(reader.nowMs).toISOString(), zone, language)
          const inside = (
            <>
              <time dateTime={happenedAt}>{time}</time> <span dir={textDirection(text, event.inLanguage)}>{text}</span>
            </>
          )
          // Without script, only what is on this page can be gone to.
          if (update === undefined && goToUpdate === undefined) return <li key={id}>{inside}</li>
          return (
            <li key={id}>
              <a
                href={`#${updateAnchor(id)}`}
                onClick={press => {
                  if (goToUpdate === undefined) return
                  press.preventDefault()
                  goToUpdate(id)
                }}
              >
                {inside}
              </a>
            </li>
          )
        })}
      </ol>
    </nav>
  )
}
