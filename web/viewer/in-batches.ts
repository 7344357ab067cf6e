/** How often a page in the background takes in what came. */
const BACKGROUND_MS = 250

/** Hands on what came since the last frame at once, so that a burst is one rendering. */
export function inBatches<T>(act: (batch: readonly T[]) => void): (item: T) => void {
  let batch: T[] = []
  const flush = () => {
    const ready = batch
    batch = []
    if (ready.length > 0) act(ready)
  }
  return item => {
    batch.push(item)
    if (batch.length > 1) return
    // A page in the background is given no frames.
    if (document.hidden) setTimeout(flush, BACKGROUND_MS)
    else requestAnimationFrame(flush)
  }
}
