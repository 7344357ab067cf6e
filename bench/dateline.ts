import { randomBytes } from 'node:crypto'
import { Agent, request } from 'node:http'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Part } from '../src/foundation/lifecycle.ts'
import { createTokens } from '../src/foundation/tokens.ts'
import { type Calls, startProcess } from './child-process.ts'
import { clockMs, pace } from './clock.ts'
import { type Begun, type Contender, markOf } from './contender.ts'
import { LET_ALL_IN } from './let-all-in.ts'

const START_MS = 20_000
const EVENT_ID = 'talks'
const WORDS = `The ministers met for three hours behind closed doors. A statement is expected before the evening, and
the delegations will stay in the city until the talks are over, a spokesperson said.`

export interface DatelineNeeds {
  readonly redis: { readonly url: string; readonly dir: string }
  readonly dir: string
  readonly core: number | undefined
}

export interface Dateline extends Contender, Part {
  /** How long each POST since the last call took to be answered, in ms. */
  takeAnswerTimes(): number[]
}

/** Starts Dateline and creates an event. An update begins when the editor sends its POST. */
export async function startDateline({ redis, dir, core }: DatelineNeeds): Promise<Dateline> {
  const secret = randomBytes(32).toString('hex')
  const server = startProcess<Calls>({
    program: 'dateline-server.js',
    core,
    logFile: join(dir, 'dateline.log'),
    env: {
      ...{ NODE_ENV: 'production', JWT_SECRET: secret, DATA_DIR: dir, PORT: '0', HOST: '127.0.0.1', DRAIN_MS: '0' },
      ...LET_ALL_IN,
      ...{ REDIS_URL: redis.url, KEY_PREFIX: 'dl', LOG_LEVEL: 'info', BENCH_REDIS_DIR: redis.dir },
    },
  })
  const url = await Promise.race([readyUrl(server.written), server.ended])
  const token = await createTokens(secret).sign({ sub: 'editor', name: 'Editor', roles: ['editor'] }, '12h')
  return { ...(await openLiveEvent({ api: url, gateway: url, token })), stop: () => server.stop() }
}

/** Creates an event in a Dateline that runs. */
export async function openLiveEvent(at: {
  api: string
  gateway: string
  token: string
}): Promise<Omit<Dateline, 'stop'>> {
  const post = poster(at.api, at.token)
  await post('/v1/events', { id: EVENT_ID, headline: 'Talks in the capital' })
  let answerTimes: number[] = []

  return {
    name: 'dateline',
    door: { kind: 'socket.io', url: at.gateway.replace(/^http/, 'ws'), eventId: EVENT_ID },
    async publish(series) {
      const answers: Promise<void>[] = []
      const begun: [number, number][] = []
      await pace(series, number => {
        const start = clockMs()
        begun.push([number, start])
        const answered = post(`/v1/events/${EVENT_ID}/updates`, { body: `${WORDS} ${markOf(number)}` })
        const timed = answered.then(() => void answerTimes.push(clockMs() - start))
        timed.catch(() => {}) // a failure is told below, once all are sent
        answers.push(timed)
      })
      await Promise.all(answers)
      return begun satisfies Begun
    },
    takeAnswerTimes() {
      const taken = answerTimes
      answerTimes = []
      return taken
    },
  }
}

/** What a server says when it is ready: the port is the one that was free; '' of one without HTTP. */
export async function readyUrl(written: () => string): Promise<string> {
  const deadline = clockMs() + START_MS
  for (;;) {
    const ready = /"msg":"(?:everything|api|gateway|worker) is ready"/.exec(written())
    if (ready !== null) return /"url":"([^"]+)","msg":"\w+ is ready"/.exec(written())?.[1] ?? ''
    if (clockMs() > deadline) throw new Error(`Dateline was not ready within ${START_MS} ms:\n${written()}`)
    await sleep(50)
  }
}

/** Sends JSON as an editor's program does, over connections that are kept; rejects unless it is accepted. */
function poster(url: string, token: string) {
  const agent = new Agent({ keepAlive: true })
  return (path: string, body: object): Promise<void> =>
    new Promise((resolve, reject) => {
      const text = JSON.stringify(body)
      const headers = {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(text),
        authorization: `Bearer ${token}`,
      }
      const sent = request(`${url}${path}`, { method: 'POST', agent, headers }, response => {
        response.on('error', reject).on('end', () => {
          const { statusCode = 0 } = response
          if (statusCode < 300) resolve()
          else reject(new Error(`POST ${path} was answered with ${statusCode}`))
        })
        response.resume()
      })
      sent.on('error', reject).end(text)
    })
}
