import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Part } from '../../src/foundation/lifecycle.ts'
import { onCore } from '../cores.ts'

/** A program that answers each line with one line. */
export interface LineProcess extends Part {
  /** Answers with the words behind `expected`. Rejects when the answer begins otherwise, or does not come in time. */
  ask(line: string, expected: string, withinMs: number): Promise<string[]>
  /** The next line that it says by itself. */
  hear(expected: string, withinMs: number): Promise<string[]>
}

/** Starts it on one core, or where the system puts it. Its stdin ends with this process, and it with that. */
export function startLineProcess(command: readonly [string, ...string[]], core: number | undefined): LineProcess {
  const [program, ...args] = onCore(core, command)
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] })
  const name = command.at(-1) ?? program
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
  child.stdin.on('error', () => {}) // it has ended: whoever waits for its answer is told
  const exited = once(child, 'exit')

  async function hear(expected: string, withinMs: number): Promise<string[]> {
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`${name} did not say "${expected}" within ${withinMs} ms`)), withinMs)
    })
    const { value, done } = await Promise.race([lines.next(), late]).finally(() => clearTimeout(timer))
    if (done) throw new Error(`${name} ended before it said "${expected}"`)
    const [word, ...rest] = value.split(' ')
    if (word !== expected) throw new Error(`${name}: ${value}`)
    return rest
  }

  return {
    name,
    hear,
    ask(line, expected, withinMs) {
      child.stdin.write(`${line}\n`)
      return hear(expected, withinMs)
    },
    async stop() {
      child.kill('SIGKILL')
      await exited
    },
  }
}
