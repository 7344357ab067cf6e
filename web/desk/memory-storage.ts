/** Stands in for a browser's storage where that is switched off: it lives as long as the page, and can be full. */
export class MemoryStorage implements Storage {
  readonly #items = new Map<string, string>()
  readonly #capacity: number

  constructor(capacity = Number.POSITIVE_INFINITY) {
    this.#capacity = capacity
  }

  get length(): number {
    return this.#items.size
  }

  clear(): void {
    this.#items.clear()
  }

  getItem(key: string): string | null {
    return this.#items.get(key) ?? null
  }

  key(index: number): string | null {
    return [...this.#items.keys()][index] ?? null
  }

  removeItem(key: string): void {
    this.#items.delete(key)
  }

  setItem(key: string, value: string): void {
    if (this.#items.size >= this.#capacity) throw new DOMException('full', 'QuotaExceededError')
    this.#items.set(key, value)
  }
}
