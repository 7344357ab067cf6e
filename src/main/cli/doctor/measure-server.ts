import { io } from 'socket.io-client'
import { z } from 'zod'

const ANSWER_MS = 5_000

const Ready = z.object({ status: z.string(), durability: z.string(), reasons: z.array(z.string()) })
const Overview = z.object({ store: z.object({ fullAt: z.iso.datetime({ offset: true }).nullable() }) })

export interface ServerFacts {
  readonly api: Probed & { readonly ready: ReadyFacts }
  /** Undefined where it is at the same address as an api that does not answer. */
  readonly gateway: (Probed & { readonly refusal: string | undefined }) | undefined
  /** When the memory of Redis is full, as a running api foretells. */
  readonly fullAt: Date | undefined
}

interface Probed {
  readonly url: string
  /** Somebody said that it is there: an option, or the environment. */
  readonly isNamed: boolean
}

export type ReadyFacts =
  | { readonly is: 'away'; readonly why: string }
  | { readonly is: 'something else' }
  | { readonly is: 'ready' | 'not ready'; readonly durability: string; readonly reasons: readonly string[] }

/** Asks a running Dateline how it is. `token` is one with the role ops. Never throws for what it finds. */
export async function measureServer(api: Probed, gateway: Probed, token: string | undefined): Promise<ServerFacts> {
  const ready = await askReady(api.url)
  const isOne = gateway.url === api.url
  const isAnswered = ready.is === 'ready' || ready.is === 'not ready'
  return {
    api: { ...api, ready },
    gateway: isOne && !isAnswered ? undefined : { ...gateway, refusal: await tryGateway(gateway.url) },
    fullAt: isAnswered && token !== undefined ? await askFullAt(api.url, token) : undefined,
  }
}

async function askReady(url: string): Promise<ReadyFacts> {
  try {
    const answer = await fetch(new URL('/readyz', url), { signal: AbortSignal.timeout(ANSWER_MS) })
    const body = Ready.safeParse(await answer.json().catch(() => undefined))
    if (!body.success) return { is: 'something else' }
    const { durability, reasons } = body.data
    return { is: answer.ok ? 'ready' : 'not ready', durability, reasons }
  } catch (error) {
    return { is: 'away', why: reasonOf(error) }
  }
}

/** Connects as a viewer does, and leaves. */
function tryGateway(url: string): Promise<string | undefined> {
  return new Promise(resolve => {
    const socket = io(url, { transports: ['websocket'], forceNew: true, reconnection: false, timeout: ANSWER_MS })
    const end = (refusal?: string) => {
      socket.disconnect()
      resolve(refusal)
    }
    socket.once('connect', () => end())
    socket.once('connect_error', error => end(error.message))
  })
}

async function askFullAt(url: string, token: string): Promise<Date | undefined> {
  try {
    const headers = { Authorization: `Bearer ${token}` }
    const answer = await fetch(new URL('/v1/ops/overview?limit=1', url), {
      headers,
      signal: AbortSignal.timeout(ANSWER_MS),
    })
    const fullAt = Overview.safeParse(await answer.json().catch(() => undefined)).data?.store.fullAt
    return typeof fullAt === 'string' ? new Date(fullAt) : undefined
  } catch {
    // It has just answered; a forecast that does not come is none.
    return undefined
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const { cause } = error
  return cause instanceof Error && cause.message !== '' ? cause.message : error.message
}
