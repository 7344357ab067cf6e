import { createInterface } from 'node:readline/promises'
import { setTimeout as pause } from 'node:timers/promises'
import { Lifecycle } from '../../foundation/lifecycle.ts'
import { createLogger } from '../../foundation/logger.ts'
import { createMetrics } from '../../foundation/metrics.ts'
import { OPEN_STATUSES } from '../../protocol/event.ts'
import { EXIT, UsageError } from '../command-line.ts'
import { openStore, type Store } from '../open-store.ts'
import { changesText } from './changes-text.ts'
import type { CliContext } from './command.ts'
import { planRenormalization, type Renormalization } from './plan-renormalization.ts'

export interface RenormalizeOptions {
  readonly dryRun?: true
  readonly yes?: true
  readonly json?: true
}

/** After the last accept, revisions have this long to be published. */
const END_WITHIN_MS = 15_000
const LOOK_EVERY_MS = 100

interface Planned {
  readonly updateId: string
  readonly plan: Renormalization
}

interface Appended {
  readonly updateId: string
  readonly acceptNumber?: number
  readonly state: string
}

/** `renormalize EVENT`: resolves with the exit code. */
export async function renormalize(eventId: string, options: RenormalizeOptions, context: CliContext): Promise<number> {
  const { stdout, stderr } = context
  const config = await context.configWithRedis()
  const log = createLogger('silent', 'dateline')
  const lifecycle = new Lifecycle(log)
  try {
    const store = await openStore({ config, lifecycle, log, metrics: createMetrics() })
    const planned = await planAll(store, eventId, new Date())
    if (planned === undefined) {
      stderr.write(`There is no event ${eventId}.\n`)
      return EXIT.notDone
    }
    if (options.json !== true) stdout.write(plansText(planned, context.isColoured))
    const isWanted = await isConfirmed(planned, options, context)
    const appended = isWanted ? await appendAll(store, eventId, planned, context.signal) : []
    if (options.json === true) stdout.write(`${JSON.stringify(asJson(eventId, planned, appended), undefined, 2)}\n`)
    else for (const { updateId, state } of appended) stdout.write(`${updateId}  ${state}\n`)
    const isDone = appended.every(({ state }) => state === 'revised' || state === 'published')
    return isDone && (isWanted || options.dryRun === true || changedIn(planned).length === 0) ? EXIT.done : EXIT.notDone
  } finally {
    await lifecycle.stop()
  }
}

/** Undefined when there is no such event. Oldest update first. */
async function planAll(store: Store, eventId: string, now: Date): Promise<Planned[] | undefined> {
  const event = await store.drafts.event(eventId)
  if (event === undefined) return undefined
  if ((await store.archives.storedAs(eventId)) !== undefined) {
    throw new UsageError(`The event ${eventId} is in the archive store. Take it back first: restore-event ${eventId}`)
  }
  const eventNow = { event: event.event, settings: event.settings.settings }
  const planned: (Planned & { datePublished: string })[] = []
  for (const updateId of await store.redis.hkeys(store.keys.event(eventId).updates)) {
    const { accepted, published } = (await store.drafts.update(eventId, updateId)) ?? {}
    if (accepted === undefined || published === undefined) continue
    const { update } = published
    const plan = planRenormalization(eventId, eventNow, updateId, { accepted, published: update }, now)
    const isClosed = plan.what === 'changed' && !OPEN_STATUSES.includes(event.event.status)
    const why = `the event is ${event.event.status}: set it live first`
    planned.push({ updateId, datePublished: update.datePublished, plan: isClosed ? { what: 'skipped', why } : plan })
  }
  return planned.toSorted((a, b) => a.datePublished.localeCompare(b.datePublished))
}

function changedIn(planned: readonly Planned[]) {
  return planned.flatMap(({ updateId, plan }) => (plan.what === 'changed' ? [{ updateId, ...plan }] : []))
}

function plansText(planned: readonly Planned[], isColoured: boolean): string {
  const texts = planned.map(({ updateId, plan }) => {
    if (plan.what === 'skipped') return `${updateId}  left alone: ${plan.why}\n`
    return plan.what === 'unchanged' ? '' : `${updateId}\n${changesText(plan.changes, isColoured)}`
  })
  return `${texts.join('')}${changedIn(planned).length} of ${planned.length} updates would change.\n`
}

async function isConfirmed(planned: readonly Planned[], options: RenormalizeOptions, context: CliContext) {
  const { length } = changedIn(planned)
  if (options.dryRun === true || length === 0) return false
  if (options.yes === true) return true
  const { stdin, stdout, stderr, signal } = context
  if (options.json === true || stdin.isTTY !== true || stdout.isTTY !== true) {
    stderr.write('Nothing was changed: --yes appends the revisions.\n')
    return false
  }
  const terminal = createInterface({ input: stdin, output: stdout })
  try {
    return /^y(?:es)?$/i.test((await terminal.question(`Append ${length} revisions? [y/N] `, { signal })).trim())
  } finally {
    terminal.close()
  }
}

async function appendAll(store: Store, eventId: string, planned: readonly Planned[], signal: AbortSignal) {
  const accepted: Appended[] = []
  for (const { updateId, request } of changedIn(planned)) {
    if (signal.aborted) break
    const answer = await store.acceptor.accept(request, new Date())
    if (answer.result === 'accepted') {
      await store.queue.add({ acceptNumber: answer.acceptNumber, submission: request.submission })
    }
    const state = answer.result === 'version-mismatch' ? 'left alone: it was changed meanwhile' : answer.result
    accepted.push({ updateId, state, ...('acceptNumber' in answer ? { acceptNumber: answer.acceptNumber } : {}) })
  }
  const deadline = Date.now() + END_WITHIN_MS
  const ended: Appended[] = []
  for (const one of accepted) ended.push(await endOf(store, eventId, one, deadline))
  return ended
}

async function endOf({ submissions }: Store, eventId: string, appended: Appended, deadline: number): Promise<Appended> {
  const { acceptNumber } = appended
  if (acceptNumber === undefined) return appended
  for (;;) {
    const place = await submissions.find(eventId, acceptNumber)
    if (place !== undefined && place.state !== 'accepted') return { ...appended, state: place.state }
    if (Date.now() > deadline) return { ...appended, state: 'accepted, but no worker has taken it up' }
    await pause(LOOK_EVERY_MS)
  }
}

function asJson(eventId: string, planned: readonly Planned[], appended: readonly Appended[]) {
  const updates = planned.map(({ updateId, plan }) => {
    if (plan.what === 'changed') return { updateId, what: plan.what, changes: plan.changes }
    return { updateId, ...plan }
  })
  return { eventId, updates, appended }
}
