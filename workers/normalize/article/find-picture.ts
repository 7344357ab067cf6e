import type { z } from 'zod'
import type { MediaDraft } from '../../../src/protocol/update.ts'
import { type Credit, parseCredit, parseSourceTail, takeCredit } from '../credits.ts'
import { textKey } from '../text-key.ts'
import type { Ledger } from './ledger.ts'
import { endsSentence, type PageLine } from './page-line.ts'

type Image = z.input<typeof MediaDraft>

/** Longer lines are text. */
const MAX_CAPTION_CHARS = 400
/** What belongs to one picture stands together. */
const MAX_LINES_APART = 3

/** What a line says of a picture. */
interface Piece {
  readonly lines: readonly PageLine[]
  readonly image: Image
}

/**
 * The page's first picture: `CAPTION - SOURCE, N, DATE`, credits, captions, and of HTML the picture itself. What is said of
 * further ones is dropped and warned about: an event has one picture.
 */
export function findPicture(ledger: Ledger): Image | undefined {
  const [first, ...further] = joinPieces(findPieces(ledger))
  if (first === undefined) return undefined
  ledger.use(...first.lines)
  for (const { lines } of further) for (const line of lines) ledger.drop(line, 'further picture')
  if (further.length > 0) {
    const named = further.flatMap(({ image }) => image.url ?? image.caption ?? image.creditText ?? [])
    const detail = `The event has one picture. Left out: ${named.join(', ')}`
    ledger.warn(
      'more-pictures',
      detail,
      further.flatMap(({ lines }) => lines),
    )
  }
  if (first.image.url === undefined) {
    ledger.warn('image-without-url', 'The page does not say where the picture is.', first.lines)
  }
  return first.image
}

function findPieces(ledger: Ledger): Piece[] {
  const pieces: Piece[] = []
  const taken = new Set<PageLine>()
  const add = (image: Image, ...lines: PageLine[]) => {
    pieces.push({ lines, image })
    for (const line of lines) taken.add(line)
  }
  const free = ledger.free()
  const captions = byKey(free)
  const creditLines = new Set<PageLine>()
  const isOpen = (line: PageLine | undefined): line is PageLine => line !== undefined && !taken.has(line)
  for (const line of free) {
    if (line.text.length > MAX_CAPTION_CHARS || taken.has(line)) continue
    const tail = parseSourceTail(line.text)
    if (tail !== undefined) {
      const same = (captions.get(textKey(tail.caption)) ?? []).filter(isOpen)
      const { caption, ...source } = tail
      add({ caption: same[0]?.text ?? caption, ...source }, ...same, line)
      continue
    }
    if (line.html?.picture !== undefined) {
      const { url, alt } = line.html.picture
      add({ ...(url === undefined ? {} : { url }), ...(alt === '' ? {} : { alt }) }, line)
      continue
    }
    const credit = parseCredit(line.text)
    if (credit === undefined) continue
    add(credited(credit), line)
    creditLines.add(line)
  }
  for (const [index, line] of free.entries()) {
    if (!isOpen(line) || line.text.length > MAX_CAPTION_CHARS) continue
    const own = takeCredit(line.text)
    // A line right before a credit is its caption, unless it is a sentence of the text.
    if (own !== undefined && own.caption !== '') add({ caption: own.caption, ...credited(own.credit) }, line)
    else if (line.html?.role === 'caption') add({ caption: line.text }, line)
    else if (!endsSentence(line.text) && creditLines.has(free[index + 1] ?? line)) add({ caption: line.text }, line)
  }
  return pieces.toSorted((a, b) => firstOf(a) - firstOf(b))
}

function byKey(lines: readonly PageLine[]): ReadonlyMap<string, PageLine[]> {
  const found = new Map<string, PageLine[]>()
  for (const line of lines) {
    if (line.text.length > MAX_CAPTION_CHARS) continue
    const key = textKey(line.text)
    const known = found.get(key)
    if (known === undefined) found.set(key, [line])
    else known.push(line)
  }
  return found
}

function credited({ creditText, copyrightHolder, creator }: Credit): Image {
  return {
    creditText,
    ...(copyrightHolder === undefined ? {} : { copyrightHolder }),
    ...(creator === undefined ? {} : { creator }),
  }
}

/** Pieces that stand together and say different things are of one picture. */
function joinPieces(pieces: readonly Piece[]): Piece[] {
  const joined: Piece[] = []
  for (const piece of pieces) {
    const last = joined.at(-1)
    const isNear = last !== undefined && firstOf(piece) - lastOf(last) <= MAX_LINES_APART
    const says = new Set(Object.keys(piece.image))
    const isSame = last !== undefined && isNear && !Object.keys(last.image).some(key => says.has(key))
    if (last === undefined || !isSame) joined.push(piece)
    else
      joined[joined.length - 1] = { lines: [...last.lines, ...piece.lines], image: { ...last.image, ...piece.image } }
  }
  return joined
}

function firstOf({ lines }: Piece): number {
  return Math.min(...lines.map(({ number }) => number))
}

function lastOf({ lines }: Piece): number {
  return Math.max(...lines.map(({ number }) => number))
}
