import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { repeatedTo, type WorstInput, worstInputs } from '../../../bench/repeated-input.ts'
import { runSteps } from '../../../workers/normalize/normalize.ts'
import type { NormalizationStep, StepContext } from '../../../workers/normalize/step.ts'
import { steps } from '../../../workers/normalize/steps.ts'
import { startDraft } from '../../../workers/normalize/working-draft.ts'
import { aSubmission } from './submissions.ts'

const CHARS = 32_768
const WARM_UP_CHARS = 2_000
/** A step that takes longer by squaring its input takes seconds for this much. */
const LIMIT_MS = 50
/** The machine may be busy with something else: a step is slow when it is slow each time, over some seconds. */
const TRIES = 8
const PAUSE_MS = 150
const MAX_CAPTION = 2_000

describe('32 KB of the same again and again', { timeout: 30_000 }, () => {
  it('[LINEAR1] is read by steps that are warm', () => {
    for (const one of worstInputs) slowSteps(one, WARM_UP_CHARS)
  })

  it.each(worstInputs)('[LINEAR1] takes no step more than 50 ms: $seed as $bodyFormat, $inLanguage', async one => {
    let slow = slowSteps(one)
    for (let i = 1; i < TRIES && slow.length > 0; i++) {
      await sleep(i * PAUSE_MS)
      const again = slowSteps(one)
      slow = slow.filter(({ step }) => again.some(other => other.step === step))
    }
    expect(slow).toEqual([])
  })
})

interface Slow {
  readonly step: string
  readonly ms: number
}

/** Runs all steps in their order, and gives those that took too much of the processor's time. */
function slowSteps(input: WorstInput, size = CHARS): Slow[] {
  const { bodyFormat, inLanguage } = input
  const body = repeatedTo(size, input)
  const text = beginning(body, MAX_CAPTION)
  const field = beginning(body, 300)
  const media = Array.from({ length: 8 }, () => ({ caption: text, alt: text, creditText: field }))
  const draft = { body, bodyFormat, media, tags: [beginning(body, 90)], inLanguage, headline: field }
  const settings = { off: [], callsToAction: 'remove' as const, blockedTerms: ['Jan Berg', 'x'] }
  const submission = aSubmission(draft, { settings })
  const context: StepContext = { ...submission, languageGiven: false, happenedAtGiven: false, recent: [] }
  const slow: Slow[] = []
  const timed = steps.map(
    (step): NormalizationStep => ({
      name: step.name,
      apply(...given) {
        const start = process.cpuUsage()
        const result = step.apply(...given)
        const { user, system } = process.cpuUsage(start)
        const ms = (user + system) / 1_000
        if (ms > LIMIT_MS) slow.push({ step: step.name, ms })
        return result
      },
    }),
  )
  runSteps(timed, startDraft(submission), context)
  return slow
}

/** Not cut through a character. */
function beginning(text: string, length: number): string {
  return text.slice(0, length).replace(/\p{Surrogate}$/u, '')
}
