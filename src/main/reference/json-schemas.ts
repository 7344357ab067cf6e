import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import { ANSWERS, REQUESTS, type SchemaName } from './schemas/named-schemas.ts'

export type JsonSchema = Readonly<Record<string, unknown>>

/** OpenAPI 3.1 has the one of JSON Schema 2020-12, AsyncAPI 3 that of draft 7. */
type Target = 'draft-2020-12' | 'draft-7'

const PLACE = '#/components/schemas/'

export function schemaRef(name: SchemaName): JsonSchema {
  return { $ref: `${PLACE}${name}` }
}

/**
 * The named schemas as JSON schemas that name one another. Those of requests say what may be sent, those of answers
 * what is there. What zod checks by a function (a URL, a language) is in their descriptions only.
 */
export function namedJsonSchemas(target: Target): Readonly<Record<string, JsonSchema>> {
  const sent = convert(REQUESTS, 'input', target)
  const answered = convert(ANSWERS, 'output', target)
  for (const [name, schema] of Object.entries(sent)) {
    const other = answered[name]
    if (other !== undefined && !isDeepStrictEqual(other, schema)) throw new Error(`There are two schemas ${name}.`)
  }
  const all = Object.entries({ ...sent, ...answered })
  return Object.fromEntries(all.toSorted(([one], [other]) => (one < other ? -1 : 1)))
}

function convert(schemas: Readonly<Record<string, z.ZodType>>, io: 'input' | 'output', target: Target) {
  const registry = z.registry<{ id: string }>()
  for (const [id, schema] of Object.entries(schemas)) registry.add(schema, { id })
  const converted = z.toJSONSchema(registry, { io, target, uri: id => `${PLACE}${id}` }).schemas
  return Object.fromEntries(Object.entries(converted).map(([name, schema]) => [name, withoutAddress(schema)]))
}

/** A schema without a name, as it may be sent. */
export function jsonSchemaOf(schema: z.ZodType): JsonSchema {
  return withoutAddress(z.toJSONSchema(schema, { io: 'input', target: 'draft-2020-12' }))
}

/** The document says which JSON Schema it is and where it stands. */
function withoutAddress({ $schema: _, $id: __, ...schema }: Record<string, unknown>): JsonSchema {
  return schema
}
