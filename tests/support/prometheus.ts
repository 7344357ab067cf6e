/** One metric family of the Prometheus text format (version 0.0.4). */
export interface MetricFamily {
  readonly name: string
  readonly type: 'counter' | 'gauge' | 'histogram'
  readonly help: string
  /** Each series as `name{label="value",...}`, labels sorted by name, with its value. */
  readonly series: Map<string, number>
}

const NAME = '[a-zA-Z_:][a-zA-Z0-9_:]*'
const COMMENT = new RegExp(`^# (HELP|TYPE) (${NAME}) (.+)$`)
const SAMPLE = new RegExp(`^(${NAME})(?:\\{(.*)\\})? (\\S+)$`)
const LABEL = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(?:,|$)/y
const SUFFIXES = { counter: [''], gauge: [''], histogram: ['_bucket', '_sum', '_count'] } as const

/**
 * Reads what /metrics answers, as strictly as `promtool check metrics`: each family once, with HELP and TYPE before its
 * series; no series twice; counters end in _total; buckets rise and end with +Inf, which is the count. Throws otherwise.
 */
export function parseMetrics(text: string): Map<string, MetricFamily> {
  const families = new Map<string, MetricFamily>()
  let help: { name: string; text: string } | undefined
  let family: MetricFamily | undefined
  if (!text.endsWith('\n')) throw new Error('the text does not end with a line feed')
  for (const line of text.split('\n')) {
    if (line === '') continue
    const comment = COMMENT.exec(line)
    if (comment !== null) {
      const [, what, name = '', rest = ''] = comment
      if (families.has(name)) throw new Error(`${name} stands twice`)
      if (what === 'HELP') {
        help = { name, text: rest }
        continue
      }
      if (help?.name !== name) throw new Error(`${name} has no HELP before its TYPE`)
      family = { name, type: typeOf(rest), help: help.text, series: new Map() }
      families.set(name, family)
      continue
    }
    if (family === undefined) throw new Error(`no TYPE before: ${line}`)
    addSample(family, line)
  }
  for (const each of families.values()) checkFamily(each)
  return families
}

/** The value of one series, with its labels in the order of their names; throws when there is none. */
export function valueIn(families: Map<string, MetricFamily>, series: string): number {
  const name = /^[^{]+/.exec(series)?.[0] ?? ''
  const family = families.get(name) ?? families.get(name.replace(/_(bucket|sum|count)$/, ''))
  const value = family?.series.get(series)
  if (value === undefined) throw new Error(`no series ${series}; there are ${[...(family?.series.keys() ?? [])]}`)
  return value
}

function typeOf(text: string): MetricFamily['type'] {
  if (text === 'counter' || text === 'gauge' || text === 'histogram') return text
  throw new Error(`unknown type ${text}`)
}

function addSample(family: MetricFamily, line: string): void {
  const match = SAMPLE.exec(line)
  if (match === null) throw new Error(`cannot be read: ${line}`)
  const [, name = '', labels = '', text = ''] = match
  if (!SUFFIXES[family.type].some(suffix => name === family.name + suffix)) throw new Error(`out of place: ${line}`)
  const series = seriesOf(name, readLabels(labels))
  if (family.series.has(series)) throw new Error(`${series} stands twice`)
  family.series.set(series, readValue(text))
}

function readLabels(text: string): [string, string][] {
  const labels: [string, string][] = []
  LABEL.lastIndex = 0
  while (LABEL.lastIndex < text.length) {
    const match = LABEL.exec(text)
    if (match === null) throw new Error(`labels cannot be read: ${text}`)
    labels.push([match[1] ?? '', match[2] ?? ''])
  }
  if (new Set(labels.map(([name]) => name)).size !== labels.length) throw new Error(`a label stands twice: ${text}`)
  return labels
}

function seriesOf(name: string, labels: readonly [string, string][]): string {
  if (labels.length === 0) return name
  const sorted = labels.toSorted(([a], [b]) => (a < b ? -1 : 1))
  return `${name}{${sorted.map(([label, value]) => `${label}="${value}"`).join(',')}}`
}

/** As Go's ParseFloat, which Prometheus reads numbers with: any case of Inf and NaN. */
function readValue(text: string): number {
  if (/^nan$/i.test(text)) return Number.NaN
  if (/^[+-]?inf$/i.test(text)) return text.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) throw new Error(`no number: ${text}`)
  return Number(text)
}

function checkFamily({ name, type, series }: MetricFamily): void {
  if (type === 'counter' && !name.endsWith('_total')) throw new Error(`the counter ${name} does not end in _total`)
  if (type !== 'histogram') return
  const buckets = new Map<string, [bound: number, count: number][]>()
  for (const [each, count] of series) {
    if (!each.startsWith(`${name}_bucket{`)) continue
    const bound = readValue(/[{,]le="([^"]+)"/.exec(each)?.[1] ?? '')
    const rest = each
      .replace(/([{,])le="[^"]+",?/, '$1')
      .replace(/,?\}$/, '}')
      .replace('_bucket', '_count')
      .replace('{}', '')
    buckets.set(rest, [...(buckets.get(rest) ?? []), [bound, count]])
  }
  for (const [count, found] of buckets) {
    found.sort(([a], [b]) => a - b)
    const [lastBound, lastCount] = found.at(-1) ?? []
    if (lastBound !== Number.POSITIVE_INFINITY) throw new Error(`${count} has no bucket +Inf`)
    if (lastCount !== series.get(count)) throw new Error(`${count} is not its last bucket`)
    if (found.some(([, value], i) => value < (found[i - 1]?.[1] ?? 0))) throw new Error(`buckets of ${count} fall`)
    if (!series.has(count.replace('_count', '_sum'))) throw new Error(`${count} has no sum`)
  }
}
