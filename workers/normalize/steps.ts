import type { NormalizationStep } from './step.ts'
import { alertDuplicates } from './steps/alert-duplicates.ts'
import { checkConsistency } from './steps/check-consistency.ts'
import { chooseType } from './steps/choose-type.ts'
import { cleanCharactersStep } from './steps/clean-characters.ts'
import { cleanLinks } from './steps/clean-links.ts'
import { completeEmbeds } from './steps/complete-embeds.ts'
import { deriveHeadline } from './steps/derive-headline.ts'
import { dropRepeats } from './steps/drop-repeats.ts'
import { findEmbeds } from './steps/find-embeds.ts'
import { findLanguage } from './steps/find-language.ts'
import { flagNearRepeats } from './steps/flag-near-repeats.ts'
import { flagPageChrome } from './steps/flag-page-chrome.ts'
import { handleCallsToAction } from './steps/handle-calls-to-action.ts'
import { holdBlockedTerms } from './steps/hold-blocked-terms.ts'
import { readBody } from './steps/read-body.ts'
import { readCommands } from './steps/read-commands.ts'
import { readCredits } from './steps/read-credits.ts'
import { readHappenedAt } from './steps/read-happened-at.ts'
import { readKeywords } from './steps/read-keywords.ts'
import { readQuotes } from './steps/read-quotes.ts'
import { readTimes } from './steps/read-times.ts'
import { setTypography } from './steps/set-typography.ts'
import { spaceSentences } from './steps/space-sentences.ts'
import { writeBody } from './steps/write-body.ts'

/**
 * The steps in the order in which they run: this array is the order. Characters come first, because all others read
 * them; the headline and the type come last, because they depend on the finished text.
 */
export const steps: readonly NormalizationStep[] = [
  cleanCharactersStep,
  readBody,
  readCommands,
  dropRepeats,
  flagNearRepeats,
  spaceSentences,
  flagPageChrome,
  handleCallsToAction,
  readCredits,
  readQuotes,
  readKeywords,
  cleanLinks,
  findEmbeds,
  findLanguage,
  setTypography,
  writeBody,
  readTimes,
  readHappenedAt,
  completeEmbeds,
  deriveHeadline,
  chooseType,
  alertDuplicates,
  checkConsistency,
  holdBlockedTerms,
]
