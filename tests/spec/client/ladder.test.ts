import { describe, expect, it } from 'vitest'
import {
  climbInMs,
  type Ladder,
  type LadderEvent,
  retryInMs,
  startLadder,
  stepLadder,
} from '../../../src/client/ladder.ts'
import { TRANSPORTS } from '../../../src/client/transport.ts'

const start = startLadder(TRANSPORTS)
const on = (kind: Ladder['kind'], over: Partial<Ladder> = {}): Ladder => ({ ...start, kind, ...over })
const unreachable = { happened: 'lost', how: 'unreachable' } as const
const broken = { happened: 'lost', how: 'broken' } as const
const silent = { happened: 'lost', how: 'silent' } as const
const told = { happened: 'lost', how: 'wait' } as const
const answered = { happened: 'answered' } as const
const steady = { happened: 'steady' } as const
const online = { happened: 'online' } as const
const found = (kind?: Ladder['kind']) => ({ happened: 'looked up', found: kind }) as const

const walk = (ladder: Ladder, events: readonly LadderEvent[]) => events.reduce(stepLadder, ladder)

describe('a client among the ways to be connected', () => {
  it.each<[string, Ladder, readonly LadderEvent[], Partial<Ladder>]>([
    ['stays after one failure', start, [unreachable], { kind: 'websocket', strikes: 1, failures: 1 }],
    ['goes down after two', start, [unreachable, unreachable], { kind: 'stream', strikes: 0, failures: 2 }],
    ['goes down at once when nothing comes through', start, [silent], { kind: 'stream', failures: 1 }],
    ['goes down again', on('stream'), [unreachable, unreachable], { kind: 'poll' }],
    ['goes from the last to the top', on('poll'), [unreachable, unreachable], { kind: 'websocket', failures: 2 }],
    ['bears more of what has worked', start, [answered, broken, unreachable, unreachable], { kind: 'websocket' }],
    ['but not for ever', start, [answered, broken, broken, broken, broken], { kind: 'stream' }],
    ['and not for having been let in between', start, [broken, answered, broken, answered, silent], { kind: 'stream' }],
    ['forgets when it was steady', start, [answered, broken, broken, broken, answered, steady], { strikes: 0 }],
    ['waits for a short time again once let in', start, [unreachable, answered], { failures: 0 }],
    ['stays where it is told to wait', start, [told, told, told, told], { kind: 'websocket', failures: 4 }],
    ['goes up to what was found', on('poll'), [found('stream')], { kind: 'stream', climbs: 1, hasWorked: false }],
    ['looks more rarely after each look in vain', on('poll'), [found(), found()], { kind: 'poll', climbs: 2 }],
    ['and after one that did not last', on('poll'), [found('websocket'), silent, found('websocket')], { climbs: 2 }],
    ['as often as at first when the top is steady', on('poll'), [found('websocket'), steady], { climbs: 0 }],
    ['not when a lesser way is', on('poll', { climbs: 3 }), [found('stream'), steady], { climbs: 4 }],
    ['knows nothing of another network', on('poll', { climbs: 5, failures: 2 }), [online], { climbs: 0, failures: 0 }],
  ])('[FALL4] %s', (_title, ladder, events, expected) => {
    expect(walk(ladder, events)).toMatchObject(expected)
  })

  it('[FALL4] keeps to the ways that it may use', () => {
    const only = startLadder(['websocket'])
    expect(walk(only, [silent, silent, unreachable]).kind).toBe('websocket')
    const two = startLadder(['stream', 'poll'])
    expect(two.kind).toBe('stream')
    expect(walk(two, [silent, silent]).kind).toBe('stream')
  })

  it('[FALL5] looks upwards after a minute at most, then ever later, up to a quarter of an hour', () => {
    const waits = [0, 1, 2, 3, 4, 9].map(climbs => climbInMs(on('poll', { climbs }), 0.5))
    expect(waits).toEqual([30_000, 60_000, 120_000, 240_000, 450_000, 450_000])
  })

  it('[FALL7] never comes before it was asked to, and soon after', () => {
    expect(retryInMs(on('stream', { failures: 1 }), 3_000, 0)).toBe(3_000)
    expect(retryInMs(on('stream', { failures: 9 }), 3_000, 0.99)).toBeLessThan(3_250)
    expect(retryInMs(on('stream', { failures: 3 }), 0, 0.5)).toBe(2_000)
  })
})
