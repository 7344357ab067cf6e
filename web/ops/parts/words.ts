const UNITS = ['B', 'KB', 'MB', 'GB', 'TB'] as const

/** `12.3 MB`, in steps of 1,024. */
export function bytesWords(bytes: number): string {
  let [value, unit] = [bytes, 0]
  while (value >= 1_024 && unit < UNITS.length - 1) [value, unit] = [value / 1_024, unit + 1]
  return `${value < 10 && unit > 0 ? value.toFixed(1) : Math.round(value)} ${UNITS[unit]}`
}

/** `12 ms`, `1.2 s`, `3 min 20 s`, `2 h 5 min`: how long something took, or takes. */
export function spanWords(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`
  if (ms < 10_000) return `${(ms / 1_000).toFixed(1)} s`
  const seconds = Math.round(ms / 1_000)
  if (seconds < 60) return `${seconds} s`
  if (seconds < 3_600) return pair(Math.floor(seconds / 60), 'min', seconds % 60, 's')
  const minutes = Math.round(seconds / 60)
  if (minutes < 48 * 60) return pair(Math.floor(minutes / 60), 'h', minutes % 60, 'min')
  return `${Math.round(minutes / 1_440)} days`
}

function pair(first: number, unit: string, rest: number, smaller: string): string {
  return rest === 0 ? `${first} ${unit}` : `${first} ${unit} ${rest} ${smaller}`
}

/** `1 viewer`, `1,200 viewers`. */
export function countWords(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`
}
