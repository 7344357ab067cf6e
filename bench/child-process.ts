import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Part } from '../src/foundation/lifecycle.ts'
import { onCore } from './cores.ts'

/** What a process can be asked: each name with its argument and its answer. */
export type Calls = Record<string, { readonly takes: unknown; readonly gives: unknown }>

export interface BenchProcess<C extends Calls> extends Part {
  ask<K extends keyof C & string>(name: K, argument: C[K]['takes']): Promise<C[K]['gives']>
  /** Everything it has written so far. */
  written(): string
  /** Rejects, with the last that it wrote, when it ends without being stopped. */
  readonly ended: Promise<never>
}

export interface ProcessOptions {
  /** One of the compiled programs in this folder. */
  readonly program: string
  readonly env?: Readonly<Record<string, string>>
  /** The core that it is bound to, or undefined. */
  readonly core: number | undefined
  /** Where stdout and stderr go: to a file, because nobody should have to read them while things are measured. */
  readonly logFile: string
}

interface Question {
  readonly id: number
  readonly name: string
  readonly argument: unknown
}

interface Answer {
  readonly id: number
  readonly answer?: unknown
  readonly error?: string
}

/** Under the 5 s that a part is given to stop. */
const STOP_MS = 4_000

/** Starts a program of the benchmark. It ends with this process, however this one ends. */
export function startProcess<C extends Calls>({ program, env, core, logFile }: ProcessOptions): BenchProcess<C> {
  const script = fileURLToPath(new URL(program, import.meta.url))
  const [command, ...args] = onCore(core, [process.execPath, script])
  const log = openSync(logFile, 'w')
  const child = spawn(command, args, {
    env: { ...process.env, ...env },
    stdio: ['ignore', log, log, 'ipc'],
    serialization: 'json',
  })
  closeSync(log)
  const exited = once(child, 'exit')
  const written = () => readFileSync(logFile, 'utf8')
  let stopping = false
  const ended = exited.then(async ([code, signal]) => {
    if (stopping) return new Promise<never>(() => {})
    throw new Error(`${program} ended with ${signal ?? code}:\n${written().trimEnd().split('\n').slice(-8).join('\n')}`)
  })
  ended.catch(() => {}) // whoever waits for an answer is told

  return {
    name: program,
    written,
    ended,
    ask: asker(child, ended),
    async stop() {
      stopping = true
      child.kill('SIGTERM')
      const force = setTimeout(() => child.kill('SIGKILL'), STOP_MS)
      await exited
      clearTimeout(force)
    },
  }
}

function asker(child: ChildProcess, ended: Promise<never>) {
  const waiting = new Map<number, { resolve(answer: unknown): void; reject(error: Error): void }>()
  let lastId = 0
  child.on('message', (message: Answer) => {
    const asked = waiting.get(message.id)
    waiting.delete(message.id)
    if (message.error === undefined) asked?.resolve(message.answer)
    else asked?.reject(new Error(message.error))
  })
  return (name: string, argument: unknown): Promise<unknown> => {
    const question: Question = { id: ++lastId, name, argument }
    const answered = new Promise<unknown>((resolve, reject) => waiting.set(question.id, { resolve, reject }))
    child.send(question)
    return Promise.race([answered, ended])
  }
}

/** The other side: answers what this process is asked, and ends it when nobody is left to ask. */
export function answerCalls<C extends Calls>(
  calls: {
    readonly [K in keyof C]: (argument: C[K]['takes']) => Promise<C[K]['gives']>
  },
): void {
  process.on('message', ({ id, name, argument }: Question) => {
    const answer = (message: Omit<Answer, 'id'>) => void process.send?.({ id, ...message })
    const call = calls[name]
    if (call === undefined) return answer({ error: `no call ${name}` })
    call(argument).then(
      given => answer({ answer: given }),
      (error: unknown) => answer({ error: error instanceof Error ? error.message : String(error) }),
    )
  })
  process.once('disconnect', () => process.exit())
}
