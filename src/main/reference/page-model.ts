import type { ReferencePage, ShownAnswer, ShownOperation, ShownParameter } from '../../../web/reference/render.tsx'
import { type ProblemCode, problems } from '../../protocol/problems.ts'
import { readVersion } from '../version.ts'
import { EXAMPLES } from './examples.ts'
import { jsonSchemaOf, namedJsonSchemas } from './json-schemas.ts'
import { type Answer, type Operation, TAGS } from './operation.ts'
import { OPERATIONS } from './operations.ts'
import { PATH_PARAMETERS, REQUEST_HEADERS } from './parameters.ts'
import { problemsOf } from './problem-responses.ts'
import type { SchemaName } from './schemas/named-schemas.ts'

/** What the reference shows to people: the same as the OpenAPI document. */
export function referencePage(): ReferencePage {
  return {
    version: readVersion(),
    parts: Object.entries(TAGS).map(([name, description]) => ({
      ...{ name, description },
      operations: OPERATIONS.filter(({ tag }) => tag === name).map(shownOperation),
    })),
    problems: (Object.keys(problems) as ProblemCode[]).map(code => ({ code, ...problems[code] })),
    schemas: Object.entries(namedJsonSchemas('draft-2020-12')).map(([name, schema]) => {
      const example = EXAMPLES[name as SchemaName]
      return { name, json: pretty(schema), ...(example === undefined ? {} : { example: pretty(example) }) }
    }),
  }
}

function shownOperation(operation: Operation): ShownOperation {
  const { id, method, path, summary, description, body, answers } = operation
  return {
    ...{ id, method: method.toUpperCase(), path, summary, who: whoReads(operation) },
    ...(description === undefined ? {} : { description }),
    parameters: shownParameters(operation),
    ...(body === undefined ? {} : { body: shownBody(body) }),
    answers: Object.entries(answers).map(([status, answer]) => shownAnswer(status, answer)),
    problems: problemsOf(operation),
  }
}

function whoReads({ who }: Operation): string {
  if (who === 'everybody') return 'everybody'
  if (who === 'readers') return 'everybody; what is private needs a token'
  return `bearers of a token with the role ${who.join(' or ')}`
}

function shownParameters({ path, query = {}, headers = [] }: Operation): ShownParameter[] {
  const inPath = [...path.matchAll(/:(\w+)/g)].flatMap(([, name = '']) => {
    const schema = PATH_PARAMETERS[name]
    return schema === undefined ? [] : [{ name, place: 'path' as const, ...shownSchema(jsonSchemaOf(schema)) }]
  })
  const inQuery = Object.entries(query).map(([name, schema]) => {
    return { name, place: 'query' as const, ...shownSchema(jsonSchemaOf(schema)) }
  })
  const inHeaders = headers.map(name => ({ name, place: 'header' as const, ...REQUEST_HEADERS[name], schema: '' }))
  return [...inPath, ...inQuery, ...inHeaders]
}

function shownSchema({ description = '', ...schema }: Readonly<Record<string, unknown>>) {
  return { description: String(description), schema: JSON.stringify(schema) }
}

function shownBody(body: NonNullable<Operation['body']>): ShownAnswer {
  if ('type' in body) return { status: 'Body', description: '', schemas: [], type: body.type }
  return { status: 'Body', description: body.isOptional ? 'May be left out.' : '', schemas: [body.schema] }
}

function shownAnswer(status: string, { description, schema, type }: Answer): ShownAnswer {
  const schemas = typeof schema === 'string' ? [schema] : (schema ?? [])
  return { status, description, schemas, ...(type === undefined ? {} : { type }) }
}

function pretty(value: unknown): string {
  return JSON.stringify(value, undefined, 2)
}
