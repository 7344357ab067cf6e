import { type Finding, fail, ok, warn } from './finding.ts'
import type { ServerFacts } from './measure-server.ts'

/** Pure: whether editors and viewers reach a running Dateline. Where nobody said that one runs, it need not. */
export function judgeServer({ api, gateway }: Omit<ServerFacts, 'fullAt'>): Finding[] {
  return [judgeApi(api), ...(gateway === undefined ? [] : [judgeGateway(gateway)])]
}

function judgeApi({ url, isNamed, ready }: ServerFacts['api']): Finding {
  switch (ready.is) {
    case 'ready':
      return ok('api', `Dateline answers at ${url}, and is ready (durability ${ready.durability}).`)
    case 'not ready':
      return fail(
        'api',
        `Dateline answers at ${url}, and is not ready: ${ready.reasons.join(' ')}`,
        'Mend what it names; it is ready again by itself.',
      )
    case 'something else':
      return fail(
        'api',
        `What answers at ${url} is not Dateline.`,
        'Name the address of an api with --url or DATELINE_URL, and see what the proxy in between does with /readyz.',
      )
    case 'away': {
      const says = `No Dateline answers at ${url}: ${ready.why}.`
      const remedy = 'Start it (npm start, or an api), or name its address with --url or DATELINE_URL.'
      return isNamed ? fail('api', says, remedy) : warn('api', says, remedy)
    }
  }
}

function judgeGateway({ url, isNamed, refusal }: NonNullable<ServerFacts['gateway']>): Finding {
  if (refusal === undefined) return ok('gateway', `A viewer can connect to the gateway at ${url}.`)
  return fail(
    'gateway',
    `A viewer cannot connect to a gateway at ${url}: ${refusal}.`,
    isNamed
      ? 'Start a gateway there; a proxy in between must let the WebSocket upgrade of /socket.io/ through.'
      : 'Start a gateway; if it is at another address, name it with --gateway, and to the pages with GATEWAY_URL.',
  )
}
