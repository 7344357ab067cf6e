import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { createMetrics } from '../../src/foundation/metrics.ts'
import { parseMetrics } from '../support/prometheus.ts'

const read = (file: string) => readFileSync(fileURLToPath(new URL(`../../${file}`, import.meta.url)), 'utf8')

const ALERTS = read('deploy/prometheus/alerts.yml')
const DASHBOARD = read('deploy/grafana/dateline.json')
const OPERATIONS = read('docs/OPERATIONS.md')
const METRIC = /\b(?:dateline|nodejs|process)_[a-z0-9_]+\b/g

const families = parseMetrics(await createMetrics().scrape())
const ours = [...families.keys()].filter(name => name.startsWith('dateline_'))

/** The metrics that a text names: of histograms without _bucket, _sum and _count. */
function metricsIn(text: string): string[] {
  const names = [...text.matchAll(METRIC)].map(([name]) => name.replace(/_(bucket|sum|count)$/, ''))
  return [...new Set(names)].filter(name => !name.endsWith('_')).toSorted()
}

/** The label values of our metrics that a text compares with, such as `reason="behind"`, each with its metric. */
function selectorsIn(text: string): { metric: string; label: string; values: string[] }[] {
  const selectors = [...text.replaceAll('\\"', '"').matchAll(/\b(dateline_[a-z_]+)\{([^}]+)\}/g)]
  return selectors.flatMap(([, metric = '', labels = '']) =>
    [...labels.matchAll(/([a-z]+)(?:=|!=|=~)"([^"]+)"/g)].map(([, label = '', values = '']) => ({
      ...{ metric, label },
      values: values.split('|'),
    })),
  )
}

describe('the dashboard and the alerts', () => {
  it.each([
    ['alerts', ALERTS],
    ['dashboard', DASHBOARD],
  ])('[METRIC13] name no metric and no label value that is not there: %s', (_file, text) => {
    expect(metricsIn(text).filter(name => !families.has(name))).toEqual([])
    for (const { metric, label, values } of selectorsIn(text)) {
      const series = [...(families.get(metric)?.series.keys() ?? [])]
      for (const value of values) {
        if (metric === 'dateline_http_requests_total') expect(value).toMatch(/^([2-5]xx|aborted)$/)
        else
          expect(
            series.some(each => each.includes(`${label}="${value}"`)),
            `${metric} ${value}`,
          ).toBe(true)
      }
    }
  })

  it('[METRIC13] leave no metric of ours without a place to see it', () => {
    expect(ours.filter(name => !metricsIn(DASHBOARD).includes(name))).toEqual([])
  })

  it('[METRIC13] have an entry in the runbook for every alert, and OPERATIONS explains every metric', () => {
    const alerts = [...ALERTS.matchAll(/- alert: (\w+)/g)].map(([, name = '']) => name)
    const runbooks = [...ALERTS.matchAll(/runbook: docs\/OPERATIONS\.md#(\w+)/g)].map(([, anchor = '']) => anchor)
    const headings = [...OPERATIONS.matchAll(/^### (\w+)$/gm)].map(([, heading = '']) => heading)
    expect(alerts.length).toBeGreaterThan(8)
    expect(runbooks).toHaveLength(alerts.length)
    expect(runbooks.filter(anchor => !headings.some(heading => heading.toLowerCase() === anchor))).toEqual([])
    expect(alerts.filter(alert => !OPERATIONS.includes(alert))).toEqual([])
    expect(ours.filter(name => !OPERATIONS.includes(`\`${name}`))).toEqual([])
  })
})
