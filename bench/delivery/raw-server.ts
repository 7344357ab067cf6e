// Websockets of `ws`, given one frame that was made once: nothing is faster with it.
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import { eventFrame } from '../../src/gateway/frame.ts'
import { answerCalls } from '../child-process.ts'
import { argsOf, hear } from './hear.ts'
import type { ServerCalls } from './stock-server.ts'
import { usage } from './usage.ts'

const http = createServer().listen(0, '127.0.0.1')
await once(http, 'listening')
const viewers = new Set<Duplex>()
const websockets = new WebSocketServer({ noServer: true, perMessageDeflate: false })
http.on('upgrade', (req, socket, head) => {
  websockets.handleUpgrade(req, socket, head, websocket => {
    viewers.add(socket)
    websocket.on('error', () => websocket.terminate())
    websocket.on('close', () => viewers.delete(socket))
  })
})
await hear('raw', line => {
  const { bytes } = eventFrame('entry', argsOf(line))
  for (const viewer of viewers) viewer.write(bytes)
})
answerCalls<ServerCalls>({ ...usage, url: async () => `ws://127.0.0.1:${(http.address() as AddressInfo).port}/` })
