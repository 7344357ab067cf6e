/** Stands for each character that is not prose (code, an address), so that places stay the same. It is no letter. */
export const MASK = '\ufffc'

export function maskOf(text: string): string {
  return MASK.repeat(text.length)
}

const MAY_HAVE_ADDRESS = /:\/\/|@|www\.|mailto:/i
const ADDRESS = /:\/\/|^[^\p{L}]{0,8}(?:www\.|mailto:)|[\p{L}\d]@[\p{L}\d]/iu
/** What may follow an address without being part of it. */
const AFTER_ADDRESS = /[.,;:!?…)\]"'”’»]$/u

/** The text with every web and mail address masked, up to the punctuation after it. */
export function maskAddresses(text: string): string {
  if (!MAY_HAVE_ADDRESS.test(text)) return text
  return text.replace(/\S+/g, word => {
    if (!ADDRESS.test(word)) return word
    let end = word.length
    while (end > 0 && AFTER_ADDRESS.test(word.slice(end - 1, end))) end--
    return maskOf(word.slice(0, end)) + word.slice(end)
  })
}
