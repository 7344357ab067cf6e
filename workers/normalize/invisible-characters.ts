/**
 * Text without the characters that nobody sees and no script needs: zero-width spaces and joiners out of place, soft
 * hyphens, overrides of the direction, tags and variation selectors that belong to nothing. Pure.
 *
 *     'pass\u200bword', 'a\u202eb'                   ->  'password', 'ab'
 *     'می\u200cخواهم', a joined emoji, a flag of tags  ->  as they are
 *     '\u2067שלום\u2069'                             ->  as it is; without right-to-left text, or its pair, an isolate goes
 */
export function cleanInvisible(text: string): string {
  if (!INVISIBLE.test(text)) return text
  const plain = text
    .split('\n')
    .map(cleanDirections)
    .join('\n')
    .replace(/\u200b{2,}/g, '\u200b')
    .replace(NEEDLESS, '')
  const tagged = plain.replace(TAGS, (_, flag: string | undefined) => flag ?? '')
  return tagged.replace(SELECTORS, keepSelector).replace(/[\u200c\u200d]+/g, keepJoiner)
}

const MAX_MARKS = 8
const TOO_MANY_MARKS = new RegExp(`(\\p{M}{${MAX_MARKS}})\\p{M}+`, 'gu')

/** No language puts more than 8 combining marks on one letter; more only hide what is around it. */
export function capMarks(text: string): string {
  return text.replace(TOO_MANY_MARKS, '$1')
}

/** Everything that one of the rules below is about. */
const INVISIBLE = /[\p{Cf}\p{Variation_Selector}\u115f\u1160\u3164\uffa0]|[\u{e0000}-\u{e0fff}]/u

const JAMO = '\\u1100-\\u115e\\u1161-\\u11ff\\u3131-\\u3163\\ua960-\\ua97c\\uac00-\\ud7fb'
/** A zero-width space parts words where these scripts put no space. */
const UNSPACED = '\\p{scx=Thai}\\p{scx=Laoo}\\p{scx=Khmr}\\p{scx=Mymr}\\p{scx=Tibt}'
const NEEDLESS = new RegExp(
  [
    '[\\u00ad\\u2060-\\u2064\\u206a-\\u206f\\ufff9-\\ufffb\\u{e0000}-\\u{e001f}\\u{e0080}-\\u{e00ff}\\u{e01f0}-\\u{e0fff}]',
    `(?<![${UNSPACED}])\\u200b|\\u200b(?![${UNSPACED}])`,
    '(?<!\\p{sc=Mong})\\u180e',
    `(?<![${JAMO}])[\\u115f\\u1160\\u3164\\uffa0](?![${JAMO}])`,
  ].join('|'),
  'gu',
)

/** A black flag with tags is the flag of a region; tags alone carry hidden text. */
const TAGS = /(\u{1f3f4}[\u{e0020}-\u{e007e}]{1,16}\u{e007f})|[\u{e0020}-\u{e007f}]/gu

const SELECTORS = /(\P{Variation_Selector}?)(\p{Variation_Selector})\p{Variation_Selector}*/gu

/** One selector stays after a character that has variants of that kind. */
function keepSelector(_: string, base: string, selector: string): string {
  const kind = selector >= '\ufe0e' && selector <= '\ufe0f' ? EMOJI : selector.length === 1 ? WITH_VARIANTS : IDEOGRAPH
  return kind.test(base) ? `${base}${selector}` : base
}

const EMOJI = /^\p{Emoji}$/u
const WITH_VARIANTS = /^[\p{sc=Han}\p{Sm}\p{sc=Mymr}\p{sc=Phag}\p{sc=Mong}\p{sc=Mani}]$/u
const IDEOGRAPH = /^\p{sc=Han}$/u

const BEFORE_EMOJI_JOINER = /^(?:[\p{Extended_Pictographic}\p{Emoji_Modifier}\u{e007f}]|\ufe0f)$/u
const PICTOGRAPH = /^\p{Extended_Pictographic}$/u
const WORD = /^[\p{L}\p{M}\p{N}]$/u
const MARK = /^\p{M}$/u
/** Scripts whose letters change with their neighbours, so that joiners mean something. */
const JOINING =
  /^(?=[\p{L}\p{M}\u0640])[\p{scx=Arab}\p{scx=Syrc}\p{scx=Nkoo}\p{scx=Mong}\p{scx=Deva}\p{scx=Beng}\p{scx=Guru}\p{scx=Gujr}\p{scx=Orya}\p{scx=Taml}\p{scx=Telu}\p{scx=Knda}\p{scx=Mlym}\p{scx=Sinh}\p{scx=Khmr}\p{scx=Mymr}\p{scx=Tibt}]$/u

/** The first joiner of a run, where what stands around it needs it. */
function keepJoiner(run: string, at: number, whole: string): string {
  const joiner = run.slice(0, 1)
  const before = characterBefore(whole, at)
  const after = String.fromCodePoint(whole.codePointAt(at + run.length) ?? 0x20)
  const joins = JOINING.test(before) || JOINING.test(after)
  if (joiner === '\u200d') {
    const inEmoji = BEFORE_EMOJI_JOINER.test(before) && PICTOGRAPH.test(after)
    return inEmoji || joins ? joiner : ''
  }
  const inWord = WORD.test(before) && WORD.test(after)
  return joins && (inWord || (MARK.test(before) && JOINING.test(before))) ? joiner : ''
}

function characterBefore(text: string, at: number): string {
  if (at === 0) return ' '
  const isPair = at > 1 && /^[\ud800-\udbff][\udc00-\udfff]$/.test(text.slice(at - 2, at))
  return text.slice(isPair ? at - 2 : at - 1, at)
}

const DIRECTIONS = /[\u202a-\u202e\u2066-\u2069]/g
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]|[\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u

/** Of one line: overrides go; embeddings and isolates stay beside right-to-left text, when they are opened and closed. */
function cleanDirections(line: string): string {
  const marks = [...line.matchAll(DIRECTIONS)]
  if (marks.length === 0) return line
  const kept = RIGHT_TO_LEFT.test(line) ? pairedDirections(marks) : new Set<number>()
  return line.replace(DIRECTIONS, (mark, at: number) => (kept.has(at) ? mark : ''))
}

function pairedDirections(marks: readonly RegExpMatchArray[]): ReadonlySet<number> {
  const kept = new Set<number>()
  const open: { at: number; closedBy: string; stays: boolean }[] = []
  for (const { 0: mark, index: at = 0 } of marks) {
    if (mark !== '\u202c' && mark !== '\u2069') {
      const isIsolate = mark >= '\u2066'
      const isOverride = mark === '\u202d' || mark === '\u202e'
      open.push({ at, closedBy: isIsolate ? '\u2069' : '\u202c', stays: !isOverride })
      continue
    }
    // The end of an isolate ends what was opened in it; the end of an embedding never leaves its isolate.
    while (mark === '\u2069' && open.at(-1)?.closedBy === '\u202c') open.pop()
    if (open.at(-1)?.closedBy !== mark) continue
    const opened = open.pop()
    if (opened?.stays !== true) continue
    kept.add(opened.at).add(at)
  }
  return kept
}
