import type { Contender } from './contenders.ts'
import { print } from './ground.ts'
import { median, type Turn } from './turn.ts'

/** The turns of all contenders, printed as they come. */
export class Report {
  readonly #turns = new Map<Contender, Turn[]>()

  begin(): void {
    print('round   of          deliveries/s   p50 ms   p99 ms   CPU us   load client')
  }

  note(round: number, contender: Contender, turn: Turn): void {
    const turns = this.#turns.get(contender) ?? []
    this.#turns.set(contender, [...turns, turn])
    printTurn(String(round), contender, turn)
  }

  /** The middle one of all rounds; null of one that did not take part. */
  median(contender: Contender | undefined, pick: (turn: Turn) => number = perSecond): number | null {
    const turns = contender === undefined ? [] : this.#of(contender)
    return turns.length === 0 ? null : median(turns.map(pick))
  }

  /** Round by round, how much more of something one has than another; the middle one of these. */
  ratio(of: Contender, to: Contender | undefined, pick: (turn: Turn) => number = perSecond): number | null {
    const others = to === undefined ? [] : this.#of(to)
    const ratios = this.#of(of).flatMap((turn, i) => {
      const other = others[i]
      return other === undefined ? [] : [pick(turn) / pick(other)]
    })
    return ratios.length === 0 ? null : median(ratios)
  }

  /** Medians, and how it is known that the viewers' side is not what holds the servers back. */
  end(loop?: Contender): void {
    let busiest = 0
    for (const [contender, turns] of this.#turns) {
      const middle = (pick: (turn: Turn) => number) => median(turns.map(pick))
      const cpuUs = turns.some(turn => turn.cpuUs === undefined) ? undefined : middle(turn => turn.cpuUs ?? 0)
      const loadShare = middle(turn => turn.loadShare)
      busiest = Math.max(busiest, loadShare)
      const [p50Ms, p99Ms] = [middle(turn => turn.p50Ms), middle(turn => turn.p99Ms)]
      printTurn('median', contender, { perSecond: middle(perSecond), p50Ms, p99Ms, cpuUs, loadShare, messageBytes: 0 })
    }
    print(
      `\nThe load client used at most ${(busiest * 100).toFixed(0)} % of its core (median of the busiest contender).`,
    )
    const loopRate = this.median(loop)
    if (loopRate === null) return
    print(
      `It took ${loopRate.toFixed(0)} deliveries/s of a loop of send() in C: what is under that is the server's own.`,
    )
  }

  /** What a delivery costs, apart from whatever else the machine does. Undefined where a server does not tell. */
  cpuRatio(of: Contender, to: Contender): number | undefined {
    const costs = [...this.#of(of), ...this.#of(to)].map(turn => turn.cpuUs)
    if (costs.includes(undefined)) return undefined
    return this.ratio(to, of, turn => turn.cpuUs ?? 0) ?? undefined
  }

  #of(contender: Contender): readonly Turn[] {
    return this.#turns.get(contender) ?? []
  }
}

function perSecond(turn: Turn): number {
  return turn.perSecond
}

function printTurn(round: string, { name }: Contender, { perSecond, p50Ms, p99Ms, cpuUs, loadShare }: Turn): void {
  const cells = [
    round.padEnd(8),
    name.padEnd(12),
    perSecond.toFixed(0).padStart(12),
    p50Ms.toFixed(2).padStart(9),
    p99Ms.toFixed(2).padStart(9),
    (cpuUs?.toFixed(2) ?? '-').padStart(9),
    `${(loadShare * 100).toFixed(0)} %`.padStart(14),
  ]
  print(cells.join(''))
}
