/** The browser's own storage. Where it is switched off, touching it throws. */
export function storageOr(open: () => Storage, otherwise: Storage): Storage {
  try {
    return open()
  } catch {
    return otherwise
  }
}
