import fc from 'fast-check'
import type { NormalizationSettings } from '../../src/protocol/normalization.ts'
import { SWITCHABLE_STEPS } from '../../src/protocol/normalization.ts'
import type { UpdateDraft } from '../../src/protocol/update.ts'
import { commands, oddCharacters, oddLines, sentences } from './newsroom-words.ts'

/** A draft with dirt in it, and the event's side of it. */
export interface DirtyDraft {
  readonly draft: Omit<UpdateDraft, 'updateId'>
  /** The body's text as its author sees it: without tags, marks and addresses behind links. */
  readonly typed: string
  readonly settings: NormalizationSettings
  readonly inLanguage: string
  readonly timeZone: string
}

interface Written {
  readonly body: string
  readonly typed: string
}

const language = fc.constantFrom(...Object.keys(sentences))
const sentenceOf = (lang: string) => fc.constantFrom(...(sentences[lang] ?? []))

/** Prose of one language, now and then with a sentence of another; sentences are glued, doubled and broken. */
const prose = (lang: string): fc.Arbitrary<string> =>
  fc
    .tuple(
      fc.array(
        fc.oneof({ weight: 8, arbitrary: sentenceOf(lang) }, { weight: 1, arbitrary: language.chain(sentenceOf) }),
        {
          minLength: 1,
          maxLength: 4,
        },
      ),
      fc.constantFrom(' ', ' ', ' ', '', '  ', '\u00a0'),
      fc.array(fc.tuple(fc.nat(400), fc.constantFrom(...oddCharacters)), { maxLength: 3 }),
    )
    .map(([parts, glue, dirt]) => dirt.reduce((text, [at, odd]) => insertAt(text, at, odd), parts.join(glue)))

function insertAt(text: string, at: number, piece: string): string {
  const characters = [...text]
  const place = at % (characters.length + 1)
  return [...characters.slice(0, place), piece, ...characters.slice(place)].join('')
}

/** Anything at all, well-formed and without NUL, as the door lets through. */
const rubbish = fc
  .string({ unit: 'binary', maxLength: 12 })
  .map(text => text.replaceAll('\0', '').replace(/\p{Surrogate}/gu, ''))

const dated = (lang: string) =>
  fc
    .tuple(fc.constantFrom('13:05 – ', '13:05: ', '19.30 GMT - ', '10:00 GMT 15.12.2023 '), prose(lang))
    .map(p => p.join(''))

const line = (lang: string): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 6, arbitrary: prose(lang) },
    { weight: 5, arbitrary: fc.constantFrom(...oddLines) },
    { weight: 1, arbitrary: fc.tuple(fc.constantFrom(...commands), prose(lang)).map(parts => parts.join(' ')) },
    { weight: 1, arbitrary: dated(lang) },
    { weight: 1, arbitrary: rubbish },
  )

/** Lines, some of them said again: at once, later, or run together. */
const lines = (lang: string): fc.Arbitrary<string[]> =>
  fc
    .tuple(
      fc.array(line(lang), { minLength: 1, maxLength: 7 }),
      fc.array(fc.tuple(fc.nat(6), fc.nat(9), fc.constantFrom('again', 'joined', 'upper')), { maxLength: 2 }),
      fc.option(fc.constantFrom(...commands), { freq: 6 }),
      fc.option(fc.constantFrom(...commands), { freq: 8 }),
    )
    .map(([own, repeats, first, last]) => {
      const all = [...own]
      for (const [from, to, how] of repeats) all.splice(to % (all.length + 1), 0, again(all, from % all.length, how))
      if (first !== null) all[0] = `${first} ${all[0]}`
      if (last !== null) all.push(last)
      return all
    })

function again(all: readonly string[], from: number, how: 'again' | 'joined' | 'upper'): string {
  const one = all[from] ?? ''
  if (how === 'upper') return one.toUpperCase()
  return how === 'again' ? one : all.slice(from, from + 3).join('')
}

const asText = (own: readonly string[]): fc.Arbitrary<Written> =>
  fc
    .array(fc.constantFrom('\n', '\n\n', '\n\n', '\r\n', '\n\n\n\n'), { minLength: own.length, maxLength: own.length })
    .map(ends => {
      const body = own.map((text, i) => text + (ends[i] ?? '')).join('')
      return { body, typed: body }
    })

const htmlBlocks: readonly (readonly [string, string])[] = [
  ['<p>', '</p>'],
  ['<p>', ''],
  ['<div>', '</div>'],
  ['<br>', '<br>'],
  ['<p class="MsoNormal" style="margin:0"><span lang="EN-US">', '<o:p></o:p></span></p>'],
  ['<b style="font-weight:normal" id="docs-internal-guid-1"><p dir="ltr"><span>', '</span></p></b>'],
  ['<ul><li>', '</li></ul>'],
  ['<ol start="7"><li>', '</li></ol>'],
  ['<blockquote><p>', '</p></blockquote>'],
  ['<blockquote>', '</blockquote>'],
  ['<p><q>', '</q></p>'],
  ['<h1>', '</h1>'],
  ['<h3>', '</h3>'],
  ['<figure><figcaption>', '</figcaption></figure>'],
  ['<table><tr><td>', '</td></tr></table>'],
  ['<pre>', '</pre>'],
  ['<section><div><div>', '</div></div></section>'],
  ['<p><!--[if gte mso 9]>x<![endif]-->', '</p>'],
  ['<ul><li><p>', '</p></li><ul><li>and</li></ul></ul>'],
]

const htmlInline: readonly (readonly [string, string])[] = [
  ['<b>', '</b>'],
  ['<em>', '</em>'],
  ['<span style="color:red">', '</span>'],
  ['<a href="https://news.example/a?utm_source=x&amp;id=7">', '</a>'],
  ['<a href="javascript:x">', '</a>'],
  ['<code>', '</code>'],
  ['<sup>', '</sup>'],
  ['<font face="x">', '</font>'],
  ['<strong>', ''],
  ['<del>', '</del>'],
]

const asHtml = (own: readonly string[]): fc.Arbitrary<Written> =>
  fc
    .tuple(
      fc.array(fc.constantFrom(...htmlBlocks), { minLength: own.length, maxLength: own.length }),
      fc.array(fc.option(fc.tuple(fc.constantFrom(...htmlInline), fc.nat(100), fc.nat(100))), {
        minLength: own.length,
        maxLength: own.length,
      }),
      fc.constantFrom('', '\n', ' '),
    )
    .map(([blocks, inline, between]) => {
      const written = own.map((text, i) => {
        const [open, close] = blocks[i] ?? ['', '']
        const markup = inline[i] ?? undefined
        const inner = markup === undefined ? escaped(text) : wrapped(text, ...markup)
        return `${open}${inner}${close}`
      })
      return { body: written.join(between), typed: own.join('\n') }
    })

/** A part of the text, cut between characters, inside of an inline element. */
function wrapped(text: string, [open, close]: readonly [string, string], from: number, length: number): string {
  const characters = [...text]
  const start = characters.length === 0 ? 0 : from % characters.length
  const part = (a: number, b?: number) => escaped(characters.slice(a, b).join(''))
  return `${part(0, start)}${open}${part(start, start + length)}${close}${part(start + length)}`
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

const markdownBlocks: readonly (readonly [string, string])[] = [
  ['', ''],
  ['', ''],
  ['# ', ''],
  ['- ', ''],
  ['  - ', ''],
  ['> ', ''],
  ['**', '**'],
  ['_', '_'],
  ['`', '`'],
  ['~~', '~~'],
  ['[', '](https://news.example/a?utm_source=x&id=7)'],
  ['[', '](javascript:x)'],
  ['![', '](https://news.example/b.jpg)'],
  ['```\n', '\n```'],
]

const asMarkdown = (own: readonly string[]): fc.Arbitrary<Written> =>
  fc
    .tuple(
      fc.array(fc.constantFrom(...markdownBlocks), { minLength: own.length, maxLength: own.length }),
      fc.constantFrom('\n', '\n\n', '  \n'),
    )
    .map(([blocks, between]) => ({
      body: own.map((text, i) => `${blocks[i]?.[0] ?? ''}${unmarked(text)}${blocks[i]?.[1] ?? ''}`).join(between),
      typed: own.join('\n'),
    }))

/** A mark of Markdown in the middle of a word would vanish, and make two words of one, or one of two. */
function unmarked(text: string): string {
  return text.replace(/[\\`*_~[\]]/g, mark => `\\${mark}`)
}

const field = (lang: string) =>
  fc
    .oneof(sentenceOf(lang), fc.constantFrom(...oddLines), prose(lang))
    .map(text => text.slice(0, 290).replace(/\p{Surrogate}/gu, ''))
    .filter(text => text.trim() !== '')

const media = (lang: string) =>
  fc.record(
    {
      url: fc.constant('https://pictures.example/a.jpg'),
      caption: field(lang),
      alt: field(lang),
      creditText: field(lang),
    },
    { requiredKeys: ['url'] },
  )

const step = fc.constantFrom(...SWITCHABLE_STEPS)

/** Drafts as newsrooms send them, in each format. */
export const dirtyDraft: fc.Arbitrary<DirtyDraft> = language.chain(lang =>
  fc
    .tuple(
      fc.constantFrom('text', 'text', 'html', 'markdown').chain(bodyFormat =>
        lines(lang)
          .chain(own => (bodyFormat === 'text' ? asText(own) : bodyFormat === 'html' ? asHtml(own) : asMarkdown(own)))
          .map(written => ({ ...written, bodyFormat: bodyFormat as 'text' | 'html' | 'markdown' })),
      ),
      fc.record(
        {
          headline: field(lang),
          happenedAt: fc.constantFrom('2026-11-24T09:00:00Z', '2026-11-24T13:05', '2024-03-31T02:30'),
          isKeyEvent: fc.boolean(),
          source: field(lang),
          tags: fc.array(
            field(lang)
              .map(text => text.slice(0, 90).replace(/\p{Surrogate}/gu, ''))
              .filter(text => text.trim() !== ''),
            { maxLength: 3 },
          ),
          inLanguage: fc.constant(lang),
          keepAsTyped: fc.uniqueArray(step, { maxLength: 2 }),
          embeds: fc.constantFrom('https://youtu.be/XmP56yBy-18').map(url => [{ provider: 'youtube', url }]),
        },
        { requiredKeys: [] },
      ),
      fc.array(media(lang), { maxLength: 2 }),
      fc.record({
        off: fc.uniqueArray(step, { maxLength: 2 }),
        callsToAction: fc.constantFrom<('flag' | 'remove')[]>('flag', 'remove'),
        blockedTerms: fc.constantFrom<string[][]>([], ['Jan Berg']),
      }),
      fc.oneof(fc.constant(lang), fc.constant('en'), language),
      fc.constantFrom('UTC', 'Europe/Moscow', 'America/New_York', 'Asia/Tehran'),
    )
    .map(([{ body, bodyFormat, typed }, fields, pictures, settings, inLanguage, timeZone]) => ({
      // A picture without words: so that no draft is empty, whatever happens to its body.
      draft: { ...fields, body, bodyFormat, media: [...pictures, { url: 'https://pictures.example/last.jpg' }] },
      typed,
      settings,
      inLanguage,
      timeZone,
    })),
)
