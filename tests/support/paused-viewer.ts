import { once } from 'node:events'
import { WebSocket } from 'ws'

export interface PausedViewer {
  /** Reads what is left on the way, until it is told something. */
  noticesAfterReading(): Promise<unknown[]>
  /** Reads what is left on the way, and tells whether the server had closed the connection. */
  isClosedAfterReading(): Promise<boolean>
  close(): void
}

/** A viewer on a network that has stopped: it has joined, and reads nothing more. */
export async function pausedViewer(url: string, eventId: string): Promise<PausedViewer> {
  const ws = new WebSocket(`${url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`)
  ws.on('error', () => ws.terminate())
  await once(ws, 'message')
  ws.send('40')
  await once(ws, 'message')
  ws.send(`420["join",${JSON.stringify({ eventId, after: null })}]`)
  await once(ws, 'message')
  ws.pause()
  const closed = once(ws, 'close')
  return {
    async noticesAfterReading() {
      const notices: unknown[] = []
      ws.on('message', data => {
        const text = String(data)
        if (text.startsWith('42["notice",')) notices.push(...(JSON.parse(text.slice(2)) as unknown[]).slice(1))
      })
      ws.resume()
      const deadline = Date.now() + 8_000
      while (notices.length === 0 && Date.now() < deadline) await new Promise(resolve => setTimeout(resolve, 50))
      return notices
    },
    async isClosedAfterReading() {
      ws.resume()
      const timer = new AbortController()
      const late = new Promise<boolean>(resolve => {
        const timeout = setTimeout(() => resolve(false), 10_000)
        timer.signal.addEventListener('abort', () => clearTimeout(timeout))
      })
      const isClosed = await Promise.race([closed.then(() => true), late])
      timer.abort()
      return isClosed
    },
    close: () => ws.terminate(),
  }
}
