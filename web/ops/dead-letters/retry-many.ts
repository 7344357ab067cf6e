import type { RetriedMany } from '../../../src/protocol/ops.ts'
import type { OpsApi } from '../ops-api.ts'
import { countWords } from '../parts/words.ts'
import type { Letter } from './letter.ts'

/** What became of a retry of many: how many were accepted anew, and why the others were not. */
export interface Outcome {
  readonly accepted: number
  readonly refused: readonly string[]
}

type Results = RetriedMany['results']

/** So many of one event go in one request. */
const AT_ONCE = 100

/** Retries what was chosen, event by event. Rejects with a ProblemError when a request is refused as a whole. */
export async function retryChosen(api: Pick<OpsApi, 'retryMany'>, letters: readonly Letter[]): Promise<Outcome> {
  const results: Results[number][] = []
  for (const eventId of new Set(letters.map(letter => letter.eventId))) {
    const numbers = letters.filter(letter => letter.eventId === eventId).map(letter => letter.acceptNumber)
    for (let from = 0; from < numbers.length; from += AT_ONCE) {
      const answer = await api.retryMany(eventId, { acceptNumbers: numbers.slice(from, from + AT_ONCE) })
      results.push(...answer.results)
    }
  }
  return outcomeOf(results)
}

/** Retries all that an event has, page by page. Rejects with a ProblemError when a request is refused as a whole. */
export async function retryAll(api: Pick<OpsApi, 'retryMany'>, eventId: string): Promise<Outcome> {
  const results: Results[number][] = []
  for (let after = 0; ; after = results.at(-1)?.acceptNumber ?? 0) {
    const answer = await api.retryMany(eventId, { all: true, after })
    results.push(...answer.results)
    if (!answer.more || answer.results.length === 0) return outcomeOf(results)
  }
}

function outcomeOf(results: Results): Outcome {
  const refused = results.flatMap(result =>
    'problem' in result ? [`#${result.acceptNumber}: ${result.problem.detail ?? result.problem.title}`] : [],
  )
  return { accepted: results.length - refused.length, refused }
}

/** Pure: an outcome in a sentence or two. */
export function outcomeWords({ accepted, refused }: Outcome): string {
  const good = `${countWords(accepted, 'submission')} ${accepted === 1 ? 'was' : 'were'} accepted anew.`
  return refused.length === 0
    ? good
    : `${good} ${countWords(refused.length, 'was', 'were')} refused. ${refused.join(' ')}`
}
