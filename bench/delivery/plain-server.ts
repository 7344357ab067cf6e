// An event stream as node:http makes it: `res.write` for each viewer.
import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { answerCalls } from '../child-process.ts'
import { hear } from './hear.ts'
import type { ServerCalls } from './stock-server.ts'
import { usage } from './usage.ts'

const viewers = new Set<ServerResponse>()
const http = createServer((_req, res) => {
  res.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' })
  res.write('event:resumed\ndata:{}\n\n')
  viewers.add(res)
  res.once('close', () => viewers.delete(res))
}).listen(0, '127.0.0.1')
await once(http, 'listening')
await hear('plain', line => {
  const event = `id:${line.length}\ndata:${line}\n\n`
  for (const viewer of viewers) viewer.write(event)
})
answerCalls<ServerCalls>({ ...usage, url: async () => `http://127.0.0.1:${(http.address() as AddressInfo).port}/` })
