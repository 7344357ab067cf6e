import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Who may import whom: the table of docs/ARCHITECTURE.md, which is compared with it below. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  protocol: [],
  foundation: ['protocol'],
  redis: ['protocol', 'foundation'],
  queue: ['protocol', 'foundation', 'redis'],
  feed: ['protocol', 'foundation', 'redis'],
  client: ['protocol'],
  web: ['protocol', 'client'],
  ingest: ['protocol', 'foundation', 'queue', 'feed'],
  gateway: ['protocol', 'foundation', 'queue', 'feed'],
  ops: ['protocol', 'foundation', 'queue', 'feed'],
  publish: ['protocol', 'foundation', 'queue', 'feed'],
  workers: ['protocol', 'foundation', 'redis', 'queue', 'feed'],
}

/** Where the parts meet: these may import anything. */
const MEETING_PLACES = [/^src\/main\//, /^workers\/main\.ts$/]

interface Import {
  readonly from: string
  readonly to: string
}

function filesIn(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter(file => /\.tsx?$/.test(file))
    .map(file => join(folder, file))
}

function importsOf(file: string): Import[] {
  const text = readFileSync(join(root, file), 'utf8')
  const specifiers = [...text.matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g)].map(match => match[1] ?? '')
  return specifiers.map(specifier => ({ from: file, to: relative(root, join(root, dirname(file), specifier)) }))
}

function folderOf(file: string): string {
  const [first = '', second = ''] = file.split('/')
  return first === 'src' ? second : first
}

const files = ['src', 'workers', 'web'].flatMap(filesIn)
const imports = files.flatMap(importsOf)

describe('the import table', () => {
  it('[HOUSE1] lets no folder import what it may not', () => {
    expect(imports.length).toBeGreaterThan(200)
    const wrong = imports.filter(({ from, to }) => {
      if (MEETING_PLACES.some(place => place.test(from))) return false
      const [own, other] = [folderOf(from), folderOf(to)]
      return own !== other && !MAY_IMPORT[own]?.includes(other)
    })
    expect(wrong).toEqual([])
  })

  it('[HOUSE1] knows every folder', () => {
    const folders = new Set(files.map(folderOf))
    expect([...folders].filter(folder => folder !== 'main').toSorted()).toEqual(Object.keys(MAY_IMPORT).toSorted())
  })

  it('[HOUSE1] is the one that docs/ARCHITECTURE.md shows', () => {
    const text = readFileSync(join(root, 'docs/ARCHITECTURE.md'), 'utf8')
    for (const [folder, allowed] of Object.entries(MAY_IMPORT)) {
      expect(text).toContain(`| ${folder} | ${allowed.length === 0 ? 'nothing' : allowed.join(', ')} |`)
    }
  })

  it('[HOUSE2] keeps the shared words and the SDK free of Node, so that they run in a browser', () => {
    const shared = files.filter(file => ['protocol', 'client', 'web'].includes(folderOf(file)))
    const offending = shared.filter(file =>
      /from 'node:|\bprocess\.|\bBuffer\b/.test(readFileSync(join(root, file), 'utf8')),
    )
    expect(offending).toEqual([])
  })
})
