import asyncApiSpecs from '@asyncapi/specs'
import { Validator } from '@seriousme/openapi-schema-validator'
import { Ajv } from 'ajv'
import formats from 'ajv-formats'
import { describe, expect, it } from 'vitest'
import { asyncApiDocument } from '../../src/main/reference/asyncapi.ts'
import { EXAMPLES } from '../../src/main/reference/examples.ts'
import { openApiDocument } from '../../src/main/reference/openapi.ts'
import { TAGS } from '../../src/main/reference/operation.ts'
import { OPERATIONS } from '../../src/main/reference/operations.ts'
import { problemsOf } from '../../src/main/reference/problem-responses.ts'
import { ANSWERS, REQUESTS } from '../../src/main/reference/schemas/named-schemas.ts'
import { problems } from '../../src/protocol/problems.ts'
import { faultsIn } from '../support/described.ts'

/** JSON, as it is served. */
const served = (document: unknown): Record<string, unknown> => JSON.parse(JSON.stringify(document))

describe('the reference', { timeout: 60_000 }, () => {
  it('[API1] is a valid OpenAPI 3.1 document', async () => {
    const validator = new Validator()
    const { valid, errors } = await validator.validate(served(openApiDocument()))
    expect(errors).toBeUndefined()
    expect(valid).toBe(true)
    expect(validator.version).toBe('3.1')
    const broken = { ...served(openApiDocument()), paths: { '/x': { get: { responses: 'none' } } } }
    expect((await new Validator().validate(broken)).valid).toBe(false)
  })

  it('[API1] is a valid AsyncAPI 3 document', () => {
    const check = asyncApiCheck()
    check(served(asyncApiDocument()))
    expect(check.errors).toBeNull()
    expect(check({ ...served(asyncApiDocument()), channels: { one: { messages: 'none' } } })).toBe(false)
  })

  it('[API1] points at nothing that is not there', () => {
    for (const document of [served(openApiDocument()), served(asyncApiDocument())]) {
      const text = JSON.stringify(document)
      const refs = [...new Set([...text.matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, ref = '']) => ref))]
      expect(refs.length).toBeGreaterThan(20)
      const missing = refs.filter(ref => ref.split('/').reduce<unknown>(into, document) === undefined)
      expect(missing).toEqual([])
    }
  })

  it('[API2] names each operation once, and shows all of them', () => {
    const ids = OPERATIONS.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    expect(OPERATIONS.filter(({ tag }) => !(tag in TAGS))).toEqual([])
  })

  it('[API4] tells every problem, and of which routes it is', () => {
    const told = new Set(OPERATIONS.flatMap(problemsOf))
    // No route has this one: it is of an address that is known, with a method that it does not take.
    const everywhere = ['method-not-allowed']
    expect([...told, ...everywhere].toSorted()).toEqual(Object.keys(problems).toSorted())
    const text = JSON.stringify(openApiDocument())
    expect(Object.keys(problems).filter(code => !text.includes(`/problems/${code}`))).toEqual([])
  })

  it('[API5] gives examples that are valid', () => {
    expect(Object.keys(EXAMPLES).length).toBeGreaterThan(20)
    for (const [name, example] of Object.entries(EXAMPLES)) {
      expect(faultsIn(example, 'components', 'schemas', name), name).toEqual([])
      const schema = { ...REQUESTS, ...ANSWERS }[name as keyof typeof EXAMPLES]
      expect(schema.safeParse(example).error, name).toBeUndefined()
    }
  })

  it('[API5] gives an example of everything that is sent', () => {
    const bodies = OPERATIONS.flatMap(({ body }) => (body !== undefined && 'schema' in body ? [body.schema] : []))
    expect([...new Set(bodies)].filter(name => EXAMPLES[name] === undefined)).toEqual([])
  })

  it('[API5] has schemas that refuse what is wrong', () => {
    for (const name of ['Event', 'Update', 'Entry', 'Snapshot', 'Receipt', 'UpdateDraft', 'JoinAnswer'] as const) {
      expect(faultsIn({ ...Object(EXAMPLES[name]), unknown: 1 }, 'components', 'schemas', name), name).not.toEqual([])
    }
  })
})

function asyncApiCheck() {
  const ajv = new Ajv({ strict: false, allErrors: true })
  formats.default(ajv)
  return ajv.compile({ ...asyncApiSpecs.schemasWithoutId['3.0.0'] } as object)
}

function into(inside: unknown, key: string): unknown {
  return (inside as Record<string, unknown> | undefined)?.[key.replaceAll('~1', '/').replaceAll('~0', '~')]
}
