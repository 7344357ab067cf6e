/**
 * RFC 7396 merge patch: a field given as null is removed, an object is merged with what stands there, anything else
 * replaces it (lists as a whole). Pure: neither argument is changed. Both come through a schema, so they are not deep.
 */
export function mergePatch(target: object, patch: object): Record<string, unknown> {
  const merged = new Map<string, unknown>(Object.entries(target))
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) merged.delete(name)
    else if (isObject(value)) merged.set(name, mergePatch(objectOr(merged.get(name), {}), value))
    else if (value !== undefined) merged.set(name, value)
  }
  return Object.fromEntries(merged)
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function objectOr(value: unknown, otherwise: object): object {
  return isObject(value) ? value : otherwise
}
