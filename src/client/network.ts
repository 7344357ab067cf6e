/** A browser's word on its network; elsewhere it is never told. */
export function watchNetwork({ online, offline }: { online(): void; offline(): void }) {
  const isTold = typeof globalThis.addEventListener === 'function'
  return {
    start() {
      if (!isTold) return
      globalThis.addEventListener('online', online)
      globalThis.addEventListener('offline', offline)
    },
    stop() {
      if (!isTold) return
      globalThis.removeEventListener('online', online)
      globalThis.removeEventListener('offline', offline)
    },
  }
}
