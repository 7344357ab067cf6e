import type { EntryFrame } from './frame.ts'

export const MAX_TAIL_ENTRIES = 256
export const MAX_TAIL_BYTES = 1_048_576

/** Where the tail begins: the entry before its first. Viewers that stand there or later are answered from it. */
interface Base {
  readonly seq: number
  readonly chain: string
}

/** A room's last entries as ready-made frames, without a hole: at most MAX_TAIL_ENTRIES and MAX_TAIL_BYTES. */
export class Tail {
  #base: Base
  #frames: EntryFrame[] = []
  #bytes = 0

  constructor(base: Base) {
    this.#base = base
  }

  get seq(): number {
    return this.#frames.at(-1)?.seq ?? this.#base.seq
  }

  get chain(): string {
    return this.#frames.at(-1)?.chain ?? this.#base.chain
  }

  get size(): number {
    return this.#frames.length
  }

  get baseSeq(): number {
    return this.#base.seq
  }

  push(frame: EntryFrame): void {
    this.#frames.push(frame)
    this.#bytes += frame.byteLength
    while (this.#frames.length > MAX_TAIL_ENTRIES || (this.#bytes > MAX_TAIL_BYTES && this.#frames.length > 1)) {
      const oldest = this.#frames.shift()
      if (oldest === undefined) return
      this.#bytes -= oldest.byteLength
      this.#base = oldest
    }
  }

  /** The frames after a seq; undefined when the tail does not reach back that far. */
  after(seq: number): EntryFrame[] | undefined {
    if (seq < this.#base.seq) return undefined
    return this.#frames.slice(seq - this.#base.seq)
  }

  /** The chain at a seq; undefined when the tail does not reach it. */
  chainAt(seq: number): string | undefined {
    return seq === this.#base.seq ? this.#base.chain : this.#frames[seq - this.#base.seq - 1]?.chain
  }
}
