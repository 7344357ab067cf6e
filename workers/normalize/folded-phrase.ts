/** A line as phrases are compared: small letters, plain apostrophes, no marks around words, numbers left out. */
export function foldPhrase(line: string): string {
  return line
    .toLowerCase()
    .replace(/[’‘`´ʼ]/g, "'")
    .replace(/[^\p{L}\p{M}\u200c'&-]+/gu, ' ')
    .replace(/ [-'&]+(?= )/g, ' ')
    .replace(/ {2,}/g, ' ')
    .trim()
}
