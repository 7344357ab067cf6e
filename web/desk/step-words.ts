import type { SwitchableStep } from '../../src/protocol/normalization.ts'

/** What each step does that an editor may do without, in a few words. (Not from the schemas: they are no small part of a page.) */
const WORDS: Readonly<Record<SwitchableStep, string>> = {
  commands: 'Commands such as /key',
  repeats: 'Repeated lines',
  'near-repeats': 'Sentences that nearly repeat',
  'sentence-spacing': 'Space between sentences',
  'page-chrome': 'Remains of a web page',
  'calls-to-action': 'Calls to action',
  credits: 'Captions and credits',
  keywords: 'Tags from keywords and hashtags',
  links: 'Links without tracking',
  'embed-links': 'Posts and videos from links',
  quotes: 'Quotes with their speaker',
  language: 'Language told from the text',
  typography: 'Typography',
  times: 'Times from the text',
  'derived-headline': 'Headline from the first words',
  'duplicate-alert': 'Alert about the same text twice',
  consistency: 'What does not fit together',
}

const FIXED_WORDS: Readonly<Record<string, string>> = {
  characters: 'Characters and spaces',
  body: 'Format',
  html: 'Safe HTML',
  'happened-at': 'Time',
  embeds: 'Posts and videos',
  type: 'Kind of update',
  'blocked-terms': 'Blocked terms',
}

export const SWITCHABLE = Object.keys(WORDS) as readonly SwitchableStep[]

export function isSwitchable(step: string): step is SwitchableStep {
  return Object.hasOwn(WORDS, step)
}

/** A step's name for editors; of one that this page does not know, its own. */
export function stepWords(step: string): string {
  return isSwitchable(step) ? WORDS[step] : (FIXED_WORDS[step] ?? step)
}
