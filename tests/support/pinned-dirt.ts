import { DEFAULT_SETTINGS } from '../../src/protocol/normalization.ts'
import type { DirtyDraft } from './newsroom-dirt.ts'

type Changes = Partial<Omit<DirtyDraft, 'draft'>> & { draft?: Partial<DirtyDraft['draft']> }

function pinned(body: string, { draft, ...changes }: Changes = {}): DirtyDraft {
  const media = [{ url: 'https://pictures.example/last.jpg' }]
  const own = { body, bodyFormat: 'text', media, ...draft } as const
  return { draft: own, typed: body, settings: DEFAULT_SETTINGS, inLanguage: 'en', timeZone: 'UTC', ...changes }
}

const html = (body: string, typed: string, changes: Changes = {}) =>
  pinned(body, { ...changes, typed, draft: { bodyFormat: 'html', ...changes.draft } })

/** Drafts that once lost a word, or were not done after the first time. */
export const pinnedDirt: readonly DirtyDraft[] = [
  // Code that held nothing but a space took the space with it.
  html('<p>El puente<code> </code>mide 412 m.</p>', 'El puente mide 412 m.'),
  // Code that held nothing that is seen was gone only the second time.
  html('<p>στο <code>\u200b</code>Όσλο.</p>', 'στο Όσλο.'),
  // Marks met on one letter where an empty element had stood.
  html(`<p>przybył${'\u0301'.repeat(6)}<b></b>${'\u0301'.repeat(6)}a</p>`, 'przybyła'),
  // A call to action had kept two equal lines apart.
  pinned(
    '* * *Follow our live feed to find out more!El puente mide 412 m y costó mucho.\n\n* * *\nEl puente mide 412 m y costó mucho.',
    {
      settings: { ...DEFAULT_SETTINGS, callsToAction: 'remove' },
    },
  ),
  pinned(
    'Follow our live feed to find out more!13:05 – Anna Lind arrived in Oslo for talks.\n13:05 – Anna Lind arrived in Oslo for talks.',
    {
      settings: { ...DEFAULT_SETTINGS, callsToAction: 'remove' },
    },
  ),
  // A date line had hidden a command, and a headline.
  pinned('19.30 GMT\n/key Minister arrives.'),
  pinned('Talks in Oslo\nTalks in Oslo\nThey met.', { draft: { headline: 'Talks in Oslo' } }),
  // Typography made a dash of a hyphen, and so a source of a sentence's end.
  html('<blockquote><p>היא אמרה: "יש הסכם" - והלכה.</p></blockquote>', 'היא אמרה: "יש הסכם" - והלכה.'),
  // Hebrew marks side by side, and one that opens as others close.
  pinned('צ"ה"ל וארה"ב: 3 ימים...', { inLanguage: 'he' }),
  pinned('"İşte anlaşma budur" dedi ve gitti...Bakan geldi.\n"İşte anlaşma budur" dedi ve gitti...Bakan geldi.', {
    inLanguage: 'he',
  }),
  // A narrow space before a colon.
  html(
    '<p><q>a «b»;Le pont στο Όσλο.Είπε: "Υπάρχει συμφωνία";</q></p>',
    'a «b»;Le pont στο Όσλο.Είπε: "Υπάρχει συμφωνία";',
    {
      inLanguage: 'fr',
    },
  ),
  // A sign before the letters of a hashtag, and a sentence behind an address.
  pinned('قالت #\ufe0fاق ثم غادرت'),
  pinned('https://youtu.be/XmP56yBy-18?si=abc外交部长抵达奥斯陆。10:00 GMT 15.12.2023'),
]
