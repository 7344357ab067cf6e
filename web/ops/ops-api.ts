import { createHttp, type WriteRequest } from '../../src/client/http.ts'
import { at, nextPage } from '../../src/client/paths.ts'
import { ProblemError } from '../../src/client/problem-error.ts'
import type { WriteOptions } from '../../src/client/types.ts'
import type { GapAudit } from '../../src/protocol/gaps.ts'
import type {
  AllDeadLettersPage,
  DeadLetterPage,
  FeedProof,
  Intake,
  IntakeRequest,
  LatencySeries,
  OpsAuditPage,
  Overview,
  QueueName,
  QueueState,
  Retried,
  RetriedMany,
} from '../../src/protocol/ops.ts'
import type { Replay, ReplayPatch } from '../../src/protocol/replay.ts'
import type { EntryPage } from '../../src/protocol/snapshot.ts'

/** One page of a list; `next` is the path of the page after it. */
export interface Paged<T> {
  readonly page: T
  readonly next: string | undefined
}

export interface ReplayWish {
  readonly from: number | string
  readonly to?: number | string
  readonly speed: Replay['speed']
  readonly maxSilenceMs?: number
}

/** How a dead letter is to be retried: with an RFC 7396 merge patch of what was sent, over a later version. */
export interface Retry {
  readonly draft?: Readonly<Record<string, unknown>>
  readonly overVersion?: number
}

/** Accept numbers on one page of the gap audit. */
const NUMBERS_A_PAGE = 20

export type OpsApi = ReturnType<typeof createOpsApi>

export interface OpsApiNeeds {
  readonly url: string
  token(): string | undefined
  /** Told when the server does not take the token. */
  readonly onRefused: () => void
}

/** A deed is tried once: whoever did it sees what it brought, and decides. */
const once: WriteOptions = {
  onRepeat({ problem }) {
    throw new ProblemError(problem ?? { type: 'about:blank', title: 'No answer came', status: 0, retry: true })
  },
}

/** What ops can see and do, over HTTP. Every method rejects with a ProblemError when refused. */
export function createOpsApi({ url, token, onRefused }: OpsApiNeeds) {
  const http = createHttp({ url, token, random: Math.random, fetch: (...request) => globalThis.fetch(...request) })

  function noticing<T>(answer: Promise<T>): Promise<T> {
    return answer.catch((error: unknown) => {
      if (error instanceof ProblemError && error.problem.status === 401) onRefused()
      throw error
    })
  }
  const read = async <T>(path: string, signal?: AbortSignal) => (await noticing(http.read(path, { signal }))).body as T
  const readPage = async <T>(path: string, signal: AbortSignal): Promise<Paged<T>> => {
    const { body, headers } = await noticing(http.read(path, { signal }))
    return { page: body as T, next: nextPage(headers.get('Link')) }
  }
  const write = async <T>(method: WriteRequest['method'], path: string, body?: unknown, version?: number) => {
    const sent = { ...(body === undefined ? {} : { body }), ...(version === undefined ? {} : { version }) }
    return (await noticing(http.write({ method, path, ...sent }, once))).body as T
  }
  const letter = (eventId: string, acceptNumber: number, ...rest: string[]) =>
    at(eventId, 'dead-letters', String(acceptNumber), ...rest)

  return {
    overview: (page: string | undefined, signal: AbortSignal) => readPage<Overview>(page ?? '/v1/ops/overview', signal),
    latency: (eventId: string | undefined, minutes: number, signal: AbortSignal) =>
      read<LatencySeries>(
        `/v1/ops/latency?minutes=${minutes}${eventId === undefined ? '' : `&eventId=${encodeURIComponent(eventId)}`}`,
        signal,
      ),
    trail: (eventId: string | undefined, before: string | undefined, signal: AbortSignal) =>
      read<OpsAuditPage>(
        `${eventId === undefined ? '/v1/ops/audit' : at(eventId, 'audit')}?limit=50${before === undefined ? '' : `&before=${encodeURIComponent(before)}`}`,
        signal,
      ),
    gaps: (eventId: string, page: string | undefined, signal: AbortSignal) =>
      readPage<GapAudit>(page ?? `${at(eventId, 'gaps')}?limit=${NUMBERS_A_PAGE}`, signal),
    proof: (eventId: string) => read<FeedProof>(at(eventId, 'proof')),

    setIntake: (intake: IntakeRequest) => write<Intake>('PUT', '/v1/ops/intake', intake),
    setQueue: (name: QueueName, paused: boolean) => write<QueueState>('PUT', `/v1/ops/queues/${name}`, { paused }),
    drain: (processId: string) => write<void>('POST', `/v1/ops/processes/${encodeURIComponent(processId)}/drain`),
    /** Opens the board of queues to this browser. */
    openSession: () => write<void>('POST', '/v1/ops/session'),
    closeSession: () => write<void>('DELETE', '/v1/ops/session'),
    rebroadcast: (eventId: string, from: number) =>
      write<{ readonly from: number; readonly to: number }>('POST', at(eventId, 'rebroadcast'), { from }),

    deadLetters: (eventId: string | undefined, page: string | undefined, signal: AbortSignal) =>
      readPage<DeadLetterPage | AllDeadLettersPage>(
        page ?? `${eventId === undefined ? '/v1/ops/dead-letters' : at(eventId, 'dead-letters')}?limit=50`,
        signal,
      ),
    /** `overVersion` names what was accepted of the update since, where the dead letter is to go over that. */
    retry: (eventId: string, acceptNumber: number, { draft, overVersion }: Retry = {}) =>
      write<Retried>('POST', letter(eventId, acceptNumber, 'retry'), draft === undefined ? {} : { draft }, overVersion),
    retryMany: (
      eventId: string,
      which: { readonly acceptNumbers: readonly number[] } | { readonly all: true; readonly after: number },
    ) => write<RetriedMany>('POST', at(eventId, 'dead-letters', 'retry'), which),
    discardStray: (id: string, reason: string) =>
      write<unknown>('POST', `/v1/ops/strays/${encodeURIComponent(id)}/discard`, { reason }),
    discard: (eventId: string, acceptNumber: number, reason: string) =>
      write<unknown>('POST', letter(eventId, acceptNumber, 'discard'), { reason }),

    replays: async (eventId: string, signal: AbortSignal) =>
      (await read<{ replays: readonly Replay[] }>(at(eventId, 'replays'), signal)).replays,
    beginReplay: (eventId: string, wish: ReplayWish) => write<Replay>('POST', at(eventId, 'replays'), wish),
    changeReplay: ({ eventId, id }: Pick<Replay, 'eventId' | 'id'>, patch: ReplayPatch) =>
      write<Replay>('PATCH', at(eventId, 'replays', id), patch),
    endReplay: ({ eventId, id }: Pick<Replay, 'eventId' | 'id'>) => write<void>('DELETE', at(eventId, 'replays', id)),
    /** When an entry was committed, in ms since 1970; undefined where there is none. */
    async committedMs(eventId: string, seq: number, signal: AbortSignal): Promise<number | undefined> {
      const { entries } = await read<EntryPage>(`${at(eventId, 'entries')}?after=${seq - 1}&limit=1`, signal)
      const [entry] = entries
      return entry === undefined ? undefined : Date.parse(entry.at)
    },
  }
}
