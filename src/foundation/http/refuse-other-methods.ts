import { Router } from 'express'
import { refuseMethod } from './answer-problem.ts'

/**
 * For behind all routes: an address that one of `routers` knows is refused any other method (405, with the Allow of RFC
 * 9110 that names those of all of them).
 */
export function refuseOtherMethods(...routers: readonly Router[]): Router {
  const methodsOf = new Map<string, Set<string>>()
  for (const { route } of routers.flatMap(({ stack }) => stack)) {
    if (route === undefined) continue
    const methods = methodsOf.get(route.path) ?? new Set()
    methodsOf.set(route.path, methods)
    for (const { method } of route.stack) methods.add(method.toUpperCase())
    if (methods.has('GET')) methods.add('HEAD')
  }
  const routes = Router()
  for (const [path, methods] of methodsOf) routes.all(path, refuseMethod(...[...methods].toSorted()))
  return routes
}
