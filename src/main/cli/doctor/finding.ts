/** What one check found: that it is well, that somebody should look, or that something accepted can be lost or refused. */
export type Finding =
  | { readonly check: string; readonly result: 'ok'; readonly says: string }
  | { readonly check: string; readonly result: 'warn' | 'fail'; readonly says: string; readonly remedy: string }

export const ok = (check: string, says: string): Finding => ({ check, result: 'ok', says })
export const warn = (check: string, says: string, remedy: string): Finding => ({ check, result: 'warn', says, remedy })
export const fail = (check: string, says: string, remedy: string): Finding => ({ check, result: 'fail', says, remedy })

const UNITS = ['B', 'KB', 'MB', 'GB', 'TB']

/** Pure: such as `1.5 GB`, by 1,024. */
export function bytesText(bytes: number): string {
  const power = bytes < 1 ? 0 : Math.min(Math.floor(Math.log2(bytes) / 10), UNITS.length - 1)
  const value = bytes / 1_024 ** power
  return `${power === 0 || value >= 100 ? Math.round(value) : Math.round(value * 10) / 10} ${UNITS[power]}`
}
