import { Counter, Gauge, Histogram, type Registry } from 'prom-client'

/** The values that each label may have. No other is ever counted, so the number of series is known from the start. */
type LabelValues = Readonly<Record<string, readonly string[]>>
type LabelsOf<V extends LabelValues> = { readonly [name in keyof V]: V[name][number] }

/** Counts what happened, by labels. */
export interface LabelledCounter<V extends LabelValues> {
  inc(labels: LabelsOf<V>, by?: number): void
}

/** Makes instruments in one registry. Every series is there from the start, at zero, so that its first rise is seen. */
export function instrumentsOf(registry: Registry) {
  const registers = [registry]
  return {
    counter: (name: string, help: string) => new Counter({ name, help, registers }),

    labelledCounter<const V extends LabelValues>(name: string, help: string, values: V): LabelledCounter<V> {
      const counter = new Counter({ name, help, labelNames: Object.keys(values), registers })
      for (const labels of combinationsOf(values)) counter.inc(labels, 0)
      return counter
    },

    gauge: (name: string, help: string) => new Gauge({ name, help, registers }),

    /** `buckets` are upper bounds, in seconds. */
    histogram: (name: string, help: string, buckets: readonly number[]) =>
      new Histogram({ name, help, buckets: [...buckets], registers }),
  }
}

/** Each label with each of its values. */
function combinationsOf(values: LabelValues): Record<string, string>[] {
  return Object.entries(values).reduce<Record<string, string>[]>(
    (found, [name, each]) => found.flatMap(labels => each.map(value => ({ ...labels, [name]: value }))),
    [{}],
  )
}
