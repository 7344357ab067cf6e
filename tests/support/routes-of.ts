import type { Express, Router } from 'express'

const METHODS = ['get', 'post', 'put', 'patch', 'delete']

/** Every route of an app, as `GET /v1/events/:eventId`; without the answers to preflights, and what only refuses. */
export function routesOf({ router }: Express): string[] {
  const routers = router.stack.flatMap(({ handle }) => ('stack' in handle ? [handle as unknown as Router] : []))
  const routes = routers.flatMap(({ stack }) => stack).flatMap(({ route }) => (route === undefined ? [] : [route]))
  const named = routes.flatMap(({ path, stack }) => stack.map(({ method }) => ({ path, method })))
  const taken = named.filter(({ method }) => METHODS.includes(method))
  return [...new Set(taken.map(({ path, method }) => `${method.toUpperCase()} ${path}`))]
}
