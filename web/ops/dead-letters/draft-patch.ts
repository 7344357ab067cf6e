type Draft = Readonly<Record<string, unknown>>

/** Pure: the RFC 7396 merge patch that makes `after` of `before`. Both are JSON, and have no null of their own. */
export function draftPatch(before: Draft, after: Draft): Record<string, unknown> {
  const gone = Object.keys(before).filter(name => !Object.hasOwn(after, name))
  const changed = Object.entries(after).flatMap(([name, value]) => {
    const old = Object.hasOwn(before, name) ? before[name] : undefined
    if (isDraft(old) && isDraft(value)) {
      const inside = draftPatch(old, value)
      return Object.keys(inside).length === 0 ? [] : [[name, inside] as const]
    }
    return JSON.stringify(old) === JSON.stringify(value) ? [] : [[name, value] as const]
  })
  return Object.fromEntries([...gone.map(name => [name, null] as const), ...changed])
}

function isDraft(value: unknown): value is Draft {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
