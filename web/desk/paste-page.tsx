import { useState } from 'preact/hooks'
import type { DatelineClient } from '../../src/client/types.ts'
import type { ArticleImport } from '../../src/protocol/article.ts'
import type { Problem } from '../../src/protocol/problems.ts'
import { Field, inputValue } from './field.tsx'
import { GrowingText } from './growing-text.tsx'
import { ImportReview } from './import-review.tsx'
import { lighterHtml } from './lighter-html.ts'
import { type ConfirmedImport, type ImportProgress, postImport } from './post-import.ts'
import { problemOf } from './problem-of.ts'

type State =
  | { readonly name: 'pasting' }
  | { readonly name: 'reading' }
  | { readonly name: 'unreadable'; readonly problem: Problem }
  | { readonly name: 'review'; readonly page: ArticleImport; readonly problem?: Problem }
  | { readonly name: 'posting'; readonly page: ArticleImport; readonly progress: ImportProgress }

export interface PastePageProps {
  readonly client: DatelineClient
  /** Told of the event once it is posted with its updates. */
  readonly posted: (eventId: string) => void
}

/** A page that somebody copied, read as an event and its updates, looked over, and posted. */
export function PastePage({ client, posted }: PastePageProps) {
  const [pasted, setPasted] = useState('')
  const [format, setFormat] = useState<'text' | 'html'>('text')
  const [timeZone, setTimeZone] = useState(() => new Intl.DateTimeFormat().resolvedOptions().timeZone)
  const [state, setState] = useState<State>({ name: 'pasting' })

  const read = async () => {
    setState({ name: 'reading' })
    try {
      const zone = timeZone.trim() === '' ? {} : { timeZone: timeZone.trim() }
      setState({ name: 'review', page: await client.importArticle({ [format]: pasted, ...zone }) })
    } catch (error) {
      setState({ name: 'unreadable', problem: problemOf(error) })
    }
  }
  const post = async (page: ArticleImport, confirmed: ConfirmedImport) => {
    try {
      posted(await postImport(confirmed, { client, tell: progress => setState({ name: 'posting', page, progress }) }))
    } catch (error) {
      setState({ name: 'review', page, problem: problemOf(error) })
    }
  }
  if (state.name === 'review' || state.name === 'posting') {
    return (
      <ImportReview
        page={state.page}
        problem={state.name === 'review' ? state.problem : undefined}
        progress={state.name === 'posting' ? state.progress : undefined}
        post={confirmed => void post(state.page, confirmed)}
        back={() => setState({ name: 'pasting' })}
      />
    )
  }
  const problem = state.name === 'unreadable' ? state.problem : undefined
  const faultAt = (...pointers: string[]) =>
    problem?.errors
      ?.filter(error => pointers.includes(error.pointer))
      .map(error => error.detail)
      .join(' ') || undefined
  return (
    <form
      class="card"
      aria-labelledby="paste-page"
      onPaste={event => {
        const copied = event.clipboardData?.getData('text/html') ?? ''
        if (format !== 'html' || pasted !== '' || copied === '') return
        event.preventDefault()
        setPasted(lighterHtml(copied))
      }}
      onSubmit={event => {
        event.preventDefault()
        if (state.name !== 'reading') void read()
      }}
    >
      <h2 id="paste-page">Paste a page</h2>
      <p class="hint">
        An article or a briefing, as you copied it. It becomes the draft of an event and its updates, which you see
        before anything is posted.
      </p>
      <Field label="The page" fault={faultAt('#/text', '#/html', '#')}>
        {attributes => (
          <GrowingText
            attributes={attributes}
            name="page"
            value={pasted}
            change={text => {
              // What begins with a tag was copied from a page's source.
              if (pasted === '' && /^\s*<[!a-z]/i.test(text)) setFormat('html')
              setPasted(text)
            }}
          />
        )}
      </Field>
      <div class="row">
        <fieldset>
          <legend>Pasted as</legend>
          {(['text', 'html'] as const).map(kind => (
            <label key={kind}>
              <input type="radio" name="pastedAs" checked={format === kind} onChange={() => setFormat(kind)} />{' '}
              {kind === 'text' ? 'Text' : 'HTML, with its structure'}
            </label>
          ))}
        </fieldset>
      </div>
      <Field label="Times on the page are in" hint="A zone, for times that name none." fault={faultAt('#/timeZone')}>
        {attributes => (
          <input
            {...attributes}
            name="pageZone"
            list="time-zones"
            value={timeZone}
            onInput={event => setTimeZone(inputValue(event))}
          />
        )}
      </Field>
      <p class="fault" role="alert">
        {problem === undefined ? '' : `${problem.title}. ${problem.detail ?? ''}`}
      </p>
      <button class="primary" type="submit" aria-disabled={state.name === 'reading'}>
        Read the page
      </button>{' '}
      <span role="status" class="soft">
        {state.name === 'reading' ? 'Reading…' : ''}
      </span>
    </form>
  )
}
