import type { ArticleImport } from '../../src/protocol/article.ts'
import { fullTime } from '../reading/times.ts'
import { STATUS_WORDS } from '../reading/words.ts'

/** What else was read of the event, by name. */
export function ImportedEvent({ event }: { event: ArticleImport['event'] }) {
  const { alternativeHeadline, description, status = 'live', coverageStartTime, datePublished, keywords } = event
  const { inLanguage = 'en', timeZone = 'UTC', image } = event
  const time = (instant: string | undefined) =>
    instant === undefined ? undefined : `${fullTime(instant, timeZone, 'en')} (${timeZone})`
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['Second headline', alternativeHeadline],
    ['Description', description],
    ['Status', STATUS_WORDS[status]],
    ['Coverage starts', time(coverageStartTime)],
    ['Published', time(datePublished)],
    ['Keywords', keywords?.join(', ')],
    ['Language', inLanguage],
    ['Picture', image?.caption],
    ['Credit', [image?.creditText, image?.sourceOrganization].filter(text => text !== undefined).join(', ')],
    ['Picture’s address', image?.url],
  ]
  return (
    <dl class="facts">
      {facts.map(([name, value]) =>
        value === undefined || value === '' ? null : (
          <div key={name}>
            <dt>{name}</dt>
            <dd dir="auto">{value}</dd>
          </div>
        ),
      )}
    </dl>
  )
}
