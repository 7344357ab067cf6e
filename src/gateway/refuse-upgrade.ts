import { type IncomingMessage, STATUS_CODES } from 'node:http'
import { type Refusal, toProblem } from '../foundation/errors.ts'

/** Answers a handshake with the problem and Retry-After; engine.io would answer 400 and a line of HTML. */
export function refuseUpgrade(req: IncomingMessage, refusal: Refusal): void {
  const problem = toProblem(refusal)
  const body = JSON.stringify(problem)
  const head = [
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}`,
    'Connection: close',
    'Content-Type: application/problem+json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    ...(problem.retry ? [`Retry-After: ${refusal.retryAfterSeconds ?? 1}`] : []),
  ]
  req.socket.on('error', () => req.socket.destroy())
  req.socket.write(`${head.join('\r\n')}\r\n\r\n${body}`)
  req.socket.destroySoon() // `end` would wait for the other side to close as well
}
