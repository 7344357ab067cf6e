/** The marks of quotation, straight or set, of every language: beside one of them a mark may open as well as close. */
const QUOTES = '"\'“”„‟«»‘’‚‛‹›'
const OPENS_AFTER = new RegExp(`^[\\s([{¿¡/–—${QUOTES}-]$`, 'u')
const CLOSES_BEFORE = new RegExp(`^[\\s.,;:!?…)\\]}/–—،؛؟${QUOTES}-]$`, 'u')

/** What one mark at a place may be, by the characters on both sides. */
export interface Sides {
  readonly opens: boolean
  readonly closes: boolean
}

export function sidesOf(text: string, at: number): Sides {
  const before = text[at - 1] ?? ' '
  const after = text[at + 1] ?? ' '
  return {
    opens: OPENS_AFTER.test(before) && (!/[\s.,;:!?)\]}،؛؟]/u.test(after) || text.startsWith('...', at + 1)),
    closes: !/[\s([{]/u.test(before) && CLOSES_BEFORE.test(after),
  }
}

/** In Arabic and Hebrew, "and", "in", "to" are written together with the quotation that follows. */
const PREFIX = /(?:^|[\s(«“„"])(?:[وبلكف]\u0640?|ال|لل|[ובכלמשה]{1,2})$/u

export function followsPrefix(text: string, at: number): boolean {
  return PREFIX.test(text.slice(Math.max(0, at - 4), at))
}
