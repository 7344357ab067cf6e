import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { readConfig } from '../../src/foundation/config.ts'
import { problems } from '../../src/protocol/problems.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const read = (file: string) => readFileSync(join(root, file), 'utf8')

function testFiles(): string[] {
  return readdirSync(join(root, 'tests'), { recursive: true, encoding: 'utf8' })
    .filter(file => /\.(test|spec|contract)\.tsx?$/.test(file))
    .map(file => join('tests', file))
}

describe('the documents', () => {
  it('[HOUSE3] have a rule for every test and a test for every rule', () => {
    const written = [...read('docs/SPEC.md').matchAll(/^- \*\*([A-Z]+\d+)\*\*/gm)].map(match => match[1] ?? '')
    const titles = testFiles().flatMap(file =>
      [...read(file).matchAll(/\[([A-Z]+\d+)\]/g)].map(match => match[1] ?? ''),
    )
    expect(written.length).toBe(new Set(written).size)
    expect([...new Set(titles)].filter(id => !written.includes(id)).toSorted()).toEqual([])
    expect(written.filter(id => !titles.includes(id)).toSorted()).toEqual([])
  })

  it('[HOUSE4] name every variable of the environment in .env.example, and no other', () => {
    const named = [...read('.env.example').matchAll(/^#?\s?([A-Z][A-Z_]+)=/gm)].map(match => match[1] ?? '')
    const known = [...read('src/foundation/config.ts').matchAll(/^ {2}([A-Z][A-Z_]+):/gm)].map(match => match[1] ?? '')
    expect(named.toSorted()).toEqual(known.filter(name => name !== 'INIT_CWD').toSorted())
  })

  it('[HOUSE4] give the defaults in .env.example that the configuration has', () => {
    const commented = [...read('.env.example').matchAll(/^# ([A-Z][A-Z_]+)=(\S+)$/gm)]
    const env = Object.fromEntries(commented.map(([, name, value]) => [name, value]))
    const { JWT_SECRET: _, GATEWAY_URL: __, ...defaults } = env
    expect(readConfig(defaults)).toEqual(readConfig({}))
  })

  it('[HOUSE5] point only at files that are there', () => {
    for (const file of ['README.md', 'CONTRIBUTING.md', ...docs()]) {
      const folder = file.includes('/') ? file.slice(0, file.lastIndexOf('/')) : '.'
      const links = [...read(file).matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(match => match[1] ?? '')
      expect(links.filter(link => !existsSync(join(root, folder, link)))).toEqual([])
    }
  })

  it('[HOUSE6] explain every problem that the API can answer', () => {
    const text = read('docs/OPERATIONS.md')
    expect(Object.keys(problems).filter(code => !text.includes(`\`${code}\``))).toEqual([])
  })
})

function docs(): string[] {
  return readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter(file => file.endsWith('.md'))
    .map(file => join('docs', file))
}
