/**
 * For each of `count` viewers, after how many ms it is to go elsewhere: evenly over `overMs`, each at another moment of its
 * share of the time, so that no moment has many more of them than another.
 *
 * @param random from 0 up to, not including, 1
 */
export function drainSlots(count: number, overMs: number, random: () => number = Math.random): number[] {
  return Array.from({ length: count }, (_, i) => Math.floor(((i + random()) / count) * overMs))
}
