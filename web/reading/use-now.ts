import { useEffect, useState } from 'preact/hooks'

const REFRESH_MS = 15_000
const COUNTDOWN_MS = 500

/** Now, in ms since 1970, refreshed as often as what is shown needs it. The first render repeats the server's time. */
export function useNow(firstMs: number, countsSeconds: boolean): number {
  const [nowMs, setNowMs] = useState(firstMs)
  useEffect(() => {
    const refresh = () => setNowMs(Date.now())
    refresh()
    const timer = setInterval(refresh, countsSeconds ? COUNTDOWN_MS : REFRESH_MS)
    return () => clearInterval(timer)
  }, [countsSeconds])
  return nowMs
}
