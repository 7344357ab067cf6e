/**
 * RFC 7396 merge patch of one level: a field given as null is removed, any other replaces. What is inside a field
 * (an author, a picture) is replaced whole. Pure: neither argument is changed.
 */
export function mergePatch(target: object, patch: object): Record<string, unknown> {
  const merged = new Map<string, unknown>(Object.entries(target))
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) merged.delete(name)
    else if (value !== undefined) merged.set(name, value)
  }
  return Object.fromEntries(merged)
}
