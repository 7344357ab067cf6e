// Socket.IO as it comes: everybody in one room, `io.to(room).emit`.
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Server } from 'socket.io'
import { answerCalls } from '../child-process.ts'
import { hear } from './hear.ts'
import { type UsageCalls, usage } from './usage.ts'

export type ServerCalls = UsageCalls & { readonly url: { takes: null; gives: string } }

const http = createServer().listen(0, '127.0.0.1')
await once(http, 'listening')
const io = new Server(http, { transports: ['websocket'], serveClient: false, perMessageDeflate: false })
io.on('connection', socket => void socket.join('talks'))
await hear('stock', line => io.to('talks').emit('entry', 'talks', '', JSON.parse(line)))
answerCalls<ServerCalls>({
  ...usage,
  url: async () => `ws://127.0.0.1:${(http.address() as AddressInfo).port}/socket.io/?EIO=4&transport=websocket`,
})
