import { groupByDay, type RetractionNote } from '../reading/day-groups.ts'
import { textDirection } from '../reading/direction.ts'
import { ownWords, type Reader } from '../reading/reader.ts'
import { clockTime, dayHeading } from '../reading/times.ts'
import { UpdateArticle } from '../reading/update-article.tsx'
import { loadedUpdates, shownUpdates, type ViewerModel } from './viewer-model.ts'

/** The updates, newest first, day by day in the event's zone. */
export function Timeline({ model, reader }: { model: ViewerModel; reader: Reader }) {
  const shown = shownUpdates(model)
  const { event } = model.view
  if (shown.length === 0 && model.retractions.length === 0) {
    return loadedUpdates(model).length > 0 ? null : (
      <p class="empty" {...ownWords(reader)}>
        No updates yet. They appear here by themselves.
      </p>
    )
  }
  return groupByDay(shown, model.retractions, reader.zone).map(({ day, items }) => (
    <section class="day" key={day} aria-labelledby={`day-${day}`}>
      <h2 class="day-name" id={`day-${day}`}>
        <time dateTime={day}>{dayHeading(day, reader.language)}</time>
      </h2>
      <ol class="timeline">
        {items.map(item => (
          <li key={item.id} class={item.kind}>
            {item.kind === 'retracted' ? (
              <Retracted note={item.note} reader={reader} />
            ) : (
              <UpdateArticle
                update={item.update}
                reader={reader}
                pinned={event.pinnedUpdateId === item.id}
                fresh={model.fresh.has(item.id)}
              />
            )}
          </li>
        ))}
      </ol>
    </section>
  ))
}

function Retracted({ note, reader }: { note: RetractionNote; reader: Reader }) {
  return (
    <p class="retraction" data-retracted={note.id}>
      <time dateTime={note.sortTime}>{clockTime(note.sortTime, reader.zone, reader.language)}</time>{' '}
      <span {...ownWords(reader)}>This update was retracted.</span>{' '}
      {note.reason === undefined ? null : <span dir={textDirection(note.reason, reader.language)}>{note.reason}</span>}
    </p>
  )
}
