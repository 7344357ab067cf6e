// Just enough of the Redis protocol (RESP2) to look after a Redis before any package is installed.
import { connect } from 'node:net'

/** An answer may take this long. */
const ANSWER_MS = 2_000

/** Redis said no: `message` is its error line, such as `LOADING Redis is loading the dataset in memory`. */
export class RedisRefusal extends Error {
  name = 'RedisRefusal'
}

/**
 * Opens one connection. `address` is what net.connect takes: {path} or {host, port}.
 * Rejects when nothing listens there. The connection does not keep the process alive.
 */
export function openRedis(address) {
  return new Promise((resolve, reject) => {
    const socket = connect(address)
    socket.once('error', reject)
    socket.once('connect', () => {
      socket.off('error', reject)
      resolve(overSocket(socket))
    })
  })
}

/** Sends one command over a connection of its own. */
export async function ask(address, ...command) {
  const redis = await openRedis(address)
  try {
    return await redis.send(...command)
  } finally {
    redis.close()
  }
}

function overSocket(socket) {
  const waiting = []
  let received = Buffer.alloc(0)
  const closed = new Promise(resolve => socket.once('close', resolve))
  socket.unref()

  socket.on('data', chunk => {
    received = Buffer.concat([received, chunk])
    for (let reply = readReply(received, 0); reply !== undefined; reply = readReply(received, 0)) {
      received = received.subarray(reply.end)
      waiting.shift()?.(reply.value)
    }
  })
  socket.on('error', error => failAll(error))
  socket.on('close', () => failAll(new Error('Redis closed the connection')))
  const failAll = error => {
    for (const settle of waiting.splice(0)) settle(error)
  }

  return {
    closed,
    close: () => socket.destroy(),
    send: (...command) =>
      new Promise((resolve, reject) => {
        // The socket is unref'd, so this timer also keeps the process alive until the answer is there.
        const timer = setTimeout(() => socket.destroy(new Error('Redis does not answer')), ANSWER_MS)
        waiting.push(value => {
          clearTimeout(timer)
          if (value instanceof Error) reject(value)
          else resolve(value)
        })
        socket.write(encode(command))
      }),
  }
}

function encode(command) {
  const parts = command.map(part => `$${Buffer.byteLength(part)}\r\n${part}\r\n`)
  return `*${command.length}\r\n${parts.join('')}`
}

/** The reply that starts at `at` and where it ends, or undefined while part of it is still to come. */
function readReply(bytes, at) {
  const lineEnd = bytes.indexOf('\r\n', at)
  if (lineEnd < 0) return undefined
  const text = bytes.toString('utf8', at + 1, lineEnd)
  const next = lineEnd + 2
  switch (String.fromCharCode(bytes[at])) {
    case '-':
      return { value: new RedisRefusal(text), end: next }
    case ':':
      return { value: Number(text), end: next }
    case '$':
      return readBulk(bytes, next, Number(text))
    case '*':
      return readArray(bytes, next, Number(text))
    default:
      return { value: text, end: next }
  }
}

function readBulk(bytes, at, length) {
  if (length < 0) return { value: null, end: at }
  if (bytes.length < at + length + 2) return undefined
  return { value: bytes.toString('utf8', at, at + length), end: at + length + 2 }
}

function readArray(bytes, at, length) {
  const value = []
  let end = at
  while (value.length < length) {
    const item = readReply(bytes, end)
    if (item === undefined) return undefined
    value.push(item.value)
    end = item.end
  }
  return { value, end }
}
