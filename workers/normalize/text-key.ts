const MARKS = /["'“”„‟«»‘’‚‛‹›״׳]/g
const DASHES = /[-‐‑‒–—―]+/g

/** What two texts have in common that differ only in white space and in how quotation marks, dashes and dots are set. */
export function textKey(text: string): string {
  return text.replace(/\s+/g, '').replace(MARKS, "'").replace(DASHES, '-').replaceAll('…', '...')
}

/** The words of a text: letters and digits, with the marks that belong to them. */
export function wordsIn(text: string): string[] {
  return text.match(/[\p{L}\p{N}][\p{L}\p{N}\p{M}\u200c\u200d]*/gu) ?? []
}
