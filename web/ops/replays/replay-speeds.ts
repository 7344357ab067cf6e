import type { Replay } from '../../../src/protocol/replay.ts'

/** The speeds that are offered, as a choice has them. */
export const SPEED_CHOICES = ['0.5', '1', '2', '5', '10', '60', '600', 'max', 'step'] as const

/** Pure: a choice as the API takes it. */
export function speedOf(choice: string): Replay['speed'] {
  return choice === 'max' || choice === 'step' ? choice : Number(choice)
}

export function speedWords(speed: Replay['speed'] | string): string {
  if (speed === 'max') return 'as fast as it goes'
  return speed === 'step' ? 'step by step' : `${speed}×`
}
