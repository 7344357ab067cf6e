/** Throws BriefingError when it is no UTF-8 text. */
export function decodeText(bytes: Uint8Array): string {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    if (!text.includes('\u0000')) return text
  } catch (cause) {
    throw new BriefingError('This file is not UTF-8 text.', { cause })
  }
  throw new BriefingError('This file is not text.')
}

/** Why a file is no briefing, as a sentence that says where. */
export class BriefingError extends Error {
  override readonly name = 'BriefingError'
}
