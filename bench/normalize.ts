import MarkdownIt from 'markdown-it'
import { DEFAULT_SETTINGS } from '../src/protocol/normalization.ts'
import { keepSafe } from '../workers/normalize/body/html-policy.ts'
import { fingerprintOf } from '../workers/normalize/fingerprint.ts'
import { normalizeUpdate, type UpdateSubmission } from '../workers/normalize/normalize.ts'
import { clockMs } from './clock.ts'
import { aSubmission, readTextSets, type TextSet } from './normalize-texts.ts'
import { percentilesOf } from './percentiles.ts'
import { repeatedTo, type WorstInput, worstInputs } from './repeated-input.ts'

export interface NormalizeOptions {
  readonly rounds: number
  /** Of one turn of one of the two. */
  readonly ms: number
  /** How many of the worst inputs are tried. */
  readonly seeds: number
  readonly file?: string
}

const WARM_UP_MS = 1_500
/** As many as an event keeps (src/feed). */
const RECENT = 200
const RECENT_EVERY_MS = 20_000
const WORST_CHARS = 32_768
/** The worst of all inputs are looked at again: the machine may have been busy the first time. */
const WORST_AGAIN = 10
const TRIES = 5

/**
 * All steps on one text after the other, beside markdown-it (for text and Markdown) and sanitize-html alone on the same
 * texts. The two take turns, so that both meet the same noise; each number is the median over the rounds.
 */
export async function benchNormalize({ rounds, ms, seeds, file }: NormalizeOptions): Promise<void> {
  const sets = await readTextSets(file)
  const submissions = sets.flatMap(set => set.submissions)
  print(`Texts: ${sets.map(({ name, submissions }) => `${submissions.length} of ${name}`).join(', ')}.`)
  print(`${rounds} rounds of ${ms} ms for each, taking turns.\n`)
  const recent = recentOf(submissions)
  const ours = (submission: UpdateSubmission) => normalizeUpdate(submission, recent)
  for (const act of [ours, sanitizeOnly]) turn(submissions, act, WARM_UP_MS)

  print(`${'round'.padEnd(8)}updates/s   sanitize only/s   ratio   p50 us   p99 us`)
  const all: { perSecond: number; sanitizeOnly: number; p99: number }[] = []
  for (let round = 1; round <= rounds; round++) {
    const mine = turn(submissions, ours, ms)
    const least = turn(submissions, sanitizeOnly, ms)
    const { p50, p99 } = percentilesOf(mine.us)
    all.push({ perSecond: mine.perSecond, sanitizeOnly: least.perSecond, p99 })
    const ratio = (mine.perSecond / least.perSecond).toFixed(2)
    print(
      `${String(round).padEnd(8)}${cell(mine.perSecond, 9)}${cell(least.perSecond, 18)}${ratio.padStart(8)}${cell(p50, 9)}${cell(p99, 9)}`,
    )
  }
  print('')
  for (const set of sets) tellSet(set, ours, ms)
  print('')
  const worst = findWorst(worstInputs.slice(0, seeds))
  const median = (values: readonly number[]) => percentilesOf(values).p50
  const result = {
    bench: 'normalize',
    updates_per_s: Math.round(median(all.map(({ perSecond }) => perSecond))),
    p99_us: Math.round(median(all.map(({ p99 }) => p99))),
    worst_32kb_ms: rounded(worst),
    sanitize_only_per_s: Math.round(median(all.map(({ sanitizeOnly }) => sanitizeOnly))),
    ratio: rounded(median(all.map(({ perSecond, sanitizeOnly }) => perSecond / sanitizeOnly))),
  }
  print(JSON.stringify(result))
}

interface Turn {
  readonly perSecond: number
  /** What each took. */
  readonly us: readonly number[]
}

/** All texts again and again for so long, and to the end of the last time. */
function turn(submissions: readonly UpdateSubmission[], act: (one: UpdateSubmission) => unknown, ms: number): Turn {
  const us: number[] = []
  const start = clockMs()
  let now = start
  while (now - start < ms) {
    for (const submission of submissions) {
      act(submission)
      const then = clockMs()
      us.push((then - now) * 1_000)
      now = then
    }
  }
  return { perSecond: (us.length / (now - start)) * 1_000, us }
}

const markdown = new MarkdownIt({ html: false, linkify: true })

/** Safe HTML of a body and no more: what any feed would have to do. */
function sanitizeOnly({ draft: { body = '', bodyFormat } }: UpdateSubmission): string {
  return keepSafe(bodyFormat === 'html' ? body : markdown.render(body))
}

/** The event's last updates, one each 20 s: of a busy hour. */
function recentOf(submissions: readonly UpdateSubmission[]) {
  return Array.from({ length: RECENT }, (_, i) => {
    const submission = submissions[i % submissions.length]
    if (submission === undefined) throw new Error('There are no texts.')
    const { update } = normalizeUpdate(submission)
    const updateId = `0192f0c1-0000-7000-8000-${String(i).padStart(12, '0')}`
    const acceptedAt = new Date(Date.parse(submission.acceptedAt) - i * RECENT_EVERY_MS).toISOString()
    return { updateId, fingerprint: fingerprintOf(update), acceptedAt, name: 'Bo Editor' }
  })
}

function tellSet({ name, submissions }: TextSet, act: (one: UpdateSubmission) => unknown, ms: number): void {
  const { perSecond, us } = turn(submissions, act, ms)
  const least = turn(submissions, sanitizeOnly, ms)
  const { p50, p99 } = percentilesOf(us)
  const ratio = (perSecond / least.perSecond).toFixed(2)
  print(`${name}: ${cell(perSecond)} updates/s, ratio ${ratio}, p50 ${cell(p50)} us, p99 ${cell(p99)} us`)
}

/** The longest that 32 KB of anything repeated takes, in ms. */
function findWorst(inputs: readonly WorstInput[]): number {
  const first = inputs.map(input => ({ input, ms: timeOf(input) })).toSorted((a, b) => b.ms - a.ms)
  const again = first.slice(0, WORST_AGAIN).map(({ input, ms }) => {
    const times = Array.from({ length: TRIES - 1 }, () => timeOf(input))
    return { input, ms: Math.min(ms, ...times) }
  })
  const sorted = again.toSorted((a, b) => b.ms - a.ms)
  print('Of 32 KB of the same again and again, these take longest:')
  for (const { input, ms } of sorted.slice(0, 5)) {
    print(`  ${ms.toFixed(1).padStart(7)} ms  ${JSON.stringify(input.seed)} as ${input.bodyFormat}`)
  }
  return sorted[0]?.ms ?? 0
}

function timeOf(input: WorstInput): number {
  const draft = { body: repeatedTo(WORST_CHARS, input), bodyFormat: input.bodyFormat }
  const submission = aSubmission(draft, { timeZone: 'UTC', inLanguage: input.inLanguage })
  const start = clockMs()
  normalizeUpdate({ ...submission, settings: { ...DEFAULT_SETTINGS, callsToAction: 'remove' } })
  return clockMs() - start
}

function cell(value: number, width = 0): string {
  return value.toFixed(0).padStart(width)
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}
