import { readVersion } from '../version.ts'
import { EXAMPLES } from './examples.ts'
import { type JsonSchema, jsonSchemaOf, namedJsonSchemas, schemaRef } from './json-schemas.ts'
import { type Answer, type Operation, TAGS } from './operation.ts'
import { OPERATIONS } from './operations.ts'
import { ANSWER_HEADERS, PATH_PARAMETERS, REQUEST_HEADERS } from './parameters.ts'
import { headerRefs, problemResponses } from './problem-responses.ts'
import type { SchemaName } from './schemas/named-schemas.ts'

const DESCRIPTION = `A real-time live-feed publishing backend for newsrooms.

Times are UTC, RFC 3339 with milliseconds. Refusals are problem details (RFC 9457): \`retry\` says whether the same request
may succeed later. Every GET answers HEAD too. An address that is not known is refused with 404 \`not-found\`, another
method with 405 \`method-not-allowed\`. Sockets and event streams are told by the AsyncAPI document, /asyncapi.json.`

/** The OpenAPI 3.1 document, of every route of api and gateway. */
export function openApiDocument(operations: readonly Operation[] = OPERATIONS): JsonSchema {
  const paths = [...new Set(operations.map(({ path }) => path))]
  return {
    openapi: '3.1.1',
    info: {
      title: 'Dateline',
      version: readVersion(),
      description: DESCRIPTION,
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
    paths: Object.fromEntries(
      paths.map(path => [templateOf(path), pathItem(operations.filter(operation => operation.path === path))]),
    ),
    components: {
      schemas: namedJsonSchemas('draft-2020-12'),
      parameters: mapValues(REQUEST_HEADERS, ({ description, schema }, name) => ({
        ...{ name, in: 'header', description, schema: jsonSchemaOf(schema) },
      })),
      headers: mapValues(ANSWER_HEADERS, ({ description, schema }) => ({ description, schema: jsonSchemaOf(schema) })),
      securitySchemes: {
        bearer: {
          ...{ type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
          description:
            'Claims `sub`, `name`, `roles` (contributor, editor, ops), `exp`, and `events` where it is limited to some.',
        },
      },
    },
  }
}

/** `/v1/events/:eventId` as OpenAPI has it: `/v1/events/{eventId}`. */
export function templateOf(path: string): string {
  return path.replaceAll(/:(\w+)/g, '{$1}')
}

function pathItem(operations: readonly Operation[]): JsonSchema {
  return Object.fromEntries(operations.map(operation => [operation.method, operationObject(operation)]))
}

function operationObject(operation: Operation): JsonSchema {
  const { id, tag, summary, description, body, answers, headers = [] } = operation
  return {
    ...{ operationId: id, tags: [tag], summary },
    ...(description === undefined ? {} : { description }),
    security: securityOf(operation),
    parameters: parametersOf(operation),
    ...(body === undefined ? {} : { requestBody: requestBody(body) }),
    responses: {
      ...mapValues(answers, answerObject),
      ...(headers.includes('If-None-Match')
        ? { 304: answerObject({ description: 'The sender has it already.', headers: ['ETag'] }) }
        : {}),
      ...problemResponses(operation),
    },
  }
}

/** The list beside `bearer` names the role that a token needs: one of them is enough. */
function securityOf({ who }: Operation): readonly JsonSchema[] {
  if (who === 'everybody') return []
  if (who === 'readers') return [{}, { bearer: [] }]
  return who.map(role => ({ bearer: [role] }))
}

function parametersOf({ id, path, query = {}, headers = [] }: Operation): readonly JsonSchema[] {
  const inPath = [...path.matchAll(/:(\w+)/g)].map(([, name = '']) => {
    const schema = PATH_PARAMETERS[name]
    if (schema === undefined) throw new Error(`${id}: the path's ${name} is not in PATH_PARAMETERS.`)
    return { name, in: 'path', required: true, ...withDescription(jsonSchemaOf(schema)) }
  })
  const inQuery = Object.entries(query).map(([name, schema]) => {
    return { name, in: 'query', ...withDescription(jsonSchemaOf(schema)) }
  })
  return [...inPath, ...inQuery, ...headers.map(name => ({ $ref: `#/components/parameters/${name}` }))]
}

function withDescription({ description, ...schema }: JsonSchema): JsonSchema {
  return { ...(description === undefined ? {} : { description }), schema }
}

function requestBody(body: NonNullable<Operation['body']>): JsonSchema {
  if ('type' in body) return { required: true, content: { [body.type]: {} } }
  return { required: body.isOptional !== true, content: { 'application/json': mediaType([body.schema]) } }
}

function answerObject({ description, schema, type, headers = [] }: Answer): JsonSchema {
  const names = typeof schema === 'string' ? [schema] : (schema ?? [])
  const content = names.length > 0 ? mediaType(names) : type === undefined ? undefined : {}
  return {
    description,
    headers: headerRefs(headers),
    ...(content === undefined ? {} : { content: { [type ?? 'application/json']: content } }),
  }
}

function mediaType(names: readonly SchemaName[]): JsonSchema {
  const [first] = names
  const schema = names.length === 1 && first !== undefined ? schemaRef(first) : { anyOf: names.map(schemaRef) }
  const shown = names.filter(name => EXAMPLES[name] !== undefined)
  if (shown.length === 0) return { schema }
  return { schema, examples: Object.fromEntries(shown.map(name => [name, { value: EXAMPLES[name] }])) }
}

function mapValues<T>(values: Readonly<Record<string, T>>, change: (value: T, name: string) => JsonSchema): JsonSchema {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, change(value, name)]))
}
