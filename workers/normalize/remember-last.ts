/**
 * A pure function of an object that does not change, with the results for the objects it was last asked about. Steps ask
 * about the same body one after the other. (A WeakMap would keep all of them, and the garbage collector busy.)
 */
export function rememberLast<Of extends object, Result>(read: (of: Of) => Result): (of: Of) => Result {
  const known: { readonly of: Of; readonly result: Result }[] = []
  return of => {
    const before = known.find(one => one.of === of)
    if (before !== undefined) return before.result
    const result = read(of)
    known.unshift({ of, result })
    if (known.length > KEPT) known.pop()
    return result
  }
}

/** A step may compare a body with what it was before. */
const KEPT = 3
