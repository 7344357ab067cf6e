import type { Event } from '../../src/protocol/event.ts'
import type { Problem } from '../../src/protocol/problems.ts'
import { renderDocument } from '../document/document.tsx'
import { textDirection } from '../reading/direction.ts'
import { dayHeading, dayOf } from '../reading/times.ts'
import { STATUS_WORDS } from '../reading/words.ts'

/** The list of events, in the order given, a whole document. */
export function renderHomePage(events: readonly Event[]): string {
  return renderDocument({
    title: 'Live coverage',
    description: 'Events that are covered live.',
    language: 'en',
    styles: 'viewer',
    children: (
      <>
        <Bar />
        <main class="page">
          <header class="event-head">
            <h1>Live coverage</h1>
          </header>
          {events.length === 0 ? (
            <p class="empty">
              Nothing is covered yet. An editor can start at the <a href="/desk">desk</a>.
            </p>
          ) : (
            <ul class="event-list">
              {events.map(event => (
                <EventLine key={event.id} event={event} />
              ))}
            </ul>
          )}
        </main>
      </>
    ),
  })
}

function EventLine({ event }: { event: Event }) {
  const { inLanguage, headline, description, coverageStartTime, timeZone, status } = event
  return (
    <li>
      <h2 lang={inLanguage} dir={textDirection(headline, inLanguage)}>
        <a href={`/events/${event.id}`}>{headline}</a>
      </h2>
      {description === undefined ? null : (
        <p lang={inLanguage} dir={textDirection(description, inLanguage)}>
          {description}
        </p>
      )}
      <p class="event-facts">
        <span class={status === 'live' ? 'status is-live' : 'status'}>{STATUS_WORDS[status]}</span>
        <time dateTime={coverageStartTime}>{dayHeading(dayOf(coverageStartTime, timeZone), 'en')}</time>
      </p>
    </li>
  )
}

/** What a reader sees when a page cannot be shown, a whole document. */
export function renderProblemPage(problem: Problem): string {
  return renderDocument({
    title: problem.title,
    language: 'en',
    styles: 'viewer',
    unlisted: true,
    children: (
      <>
        <Bar />
        <main class="page notice-page">
          <div>
            <h1>{problem.title}</h1>
            {problem.detail === undefined ? null : <p>{problem.detail}</p>}
            {problem.retry ? <p>This may pass by itself: try again in a moment.</p> : null}
            <p>
              <a href="/">See all live coverage</a>
            </p>
            {problem.requestId === undefined ? null : (
              <p class="event-facts">
                If you report this, name the request: <code>{problem.requestId}</code>
              </p>
            )}
          </div>
        </main>
      </>
    ),
  })
}

function Bar() {
  return (
    <header class="bar">
      <div class="bar-inside">
        <a class="brand" href="/">
          Dateline
        </a>
        <nav class="views" aria-label="For the newsroom">
          <a href="/desk">Desk</a>
          <a href="/ops">Ops</a>
        </nav>
      </div>
    </header>
  )
}
