import { WebSocket } from 'ws'

export interface PacingViewer {
  /** How long each entry took from its commit to here, in ms, by the clock of this machine. */
  readonly delaysMs: number[]
  readonly isJoined: boolean
  close(): void
}

const AT = /"at":"([^"]+)"/

/** A viewer that notes only how late entries come: it parses nothing, so that hundreds of them cost little. */
export function pacingViewer(url: string, eventId: string): PacingViewer {
  const ws = new WebSocket(`${url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`)
  const delaysMs: number[] = []
  let isJoined = false
  ws.on('error', () => ws.terminate())
  ws.on('message', (data: Buffer) => {
    const head = data.toString('latin1', 0, 400)
    if (head.startsWith('42["entry"')) delaysMs.push(Date.now() - Date.parse(AT.exec(head)?.[1] ?? ''))
    else if (head.startsWith('43')) isJoined = true
    else if (head === '2') ws.send('3')
    else if (head.startsWith('40')) ws.send(`420["join",${JSON.stringify({ eventId, after: null })}]`)
    else if (head.startsWith('0')) ws.send('40')
  })
  return {
    delaysMs,
    get isJoined() {
      return isJoined
    },
    close: () => ws.terminate(),
  }
}
