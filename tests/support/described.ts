import { Ajv2020 } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import { expect } from 'vitest'
import { openApiDocument } from '../../src/main/reference/openapi.ts'
import type { Operation } from '../../src/main/reference/operation.ts'
import { OPERATIONS } from '../../src/main/reference/operations.ts'
import { ANSWER_HEADERS } from '../../src/main/reference/parameters.ts'
import type { Answer } from './http.ts'

const NAME = 'openapi.json'
const ajv = new Ajv2020({ strict: false, allErrors: true })
formats.default(ajv)
ajv.addSchema(openApiDocument(), NAME)

/** Headers that the document tells of wherever they are sent. */
const TOLD_HEADERS = Object.keys(ANSWER_HEADERS)

/** What is wrong with a value, by a schema of the document: where it stands, as keys from its root. */
export function faultsIn(value: unknown, ...place: string[]): readonly unknown[] {
  const pointer = place.map(key => encodeURIComponent(key.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/')
  const check = ajv.getSchema(`${NAME}#/${pointer}`)
  if (check === undefined) throw new Error(`There is nothing at ${pointer}.`)
  return check(value) ? [] : (check.errors ?? [])
}

/** The route that takes a request. */
export function operationOf(method: string, path: string): Operation {
  const [address = ''] = path.split('?', 1)
  const found = OPERATIONS.filter(operation => operation.method === method.toLowerCase() && takes(operation, address))
  const exact = found.find(operation => operation.path === address) ?? found[0]
  if (exact === undefined) throw new Error(`The document has no ${method} ${path}.`)
  return exact
}

function takes({ path }: Operation, address: string): boolean {
  return new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/:\w+/g, '[^/]+')}$`).test(address)
}

/** Expects that an answer is as the document says: its status, its type, its headers and its body. */
export function expectDescribed({ method, path }: Operation, answer: Answer<unknown>): void {
  const place = ['paths', path.replaceAll(/:(\w+)/g, '{$1}'), method, 'responses', String(answer.status)]
  const described = at(openApiDocument(), place)
  expect(described, `${method} ${path} answered ${answer.status}: ${answer.text}`).toBeDefined()
  const { headers = {}, content } = described as { headers?: object; content?: Record<string, { schema?: object }> }
  const sent = TOLD_HEADERS.filter(name => answer.headers[name.toLowerCase()] !== undefined)
  expect(Object.keys(headers), `${method} ${path} ${answer.status}`).toEqual(expect.arrayContaining(sent))
  const [type = ''] = (answer.headers['content-type'] ?? '').split(';', 1)
  expect(content === undefined ? [''] : Object.keys(content), `${method} ${path}`).toContain(type)
  if (content?.[type]?.schema === undefined) return
  expect(faultsIn(answer.body, ...place, 'content', type, 'schema'), `${method} ${path}: ${answer.text}`).toEqual([])
}

function at(value: unknown, place: readonly string[]): unknown {
  return place.reduce<unknown>((inside, key) => (inside as Record<string, unknown> | undefined)?.[key], value)
}
