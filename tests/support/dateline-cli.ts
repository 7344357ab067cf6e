import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { expect } from 'vitest'

const COMMAND = fileURLToPath(new URL('../../dist/src/main/dateline.js', import.meta.url))

/** `dateline ...` as a process of its own, of what was built. */
export function startCommand(args: readonly string[], env: Readonly<Record<string, string>>) {
  const child = spawn(process.execPath, [COMMAND, ...args], { env: { ...process.env, ...env } })
  const written = { stdout: '', stderr: '' }
  child.stdout.on('data', chunk => {
    written.stdout += String(chunk)
  })
  child.stderr.on('data', chunk => {
    written.stderr += String(chunk)
  })
  return { child, written, ended: once(child, 'close') }
}

/** Runs it to its end; gives what it printed. Fails unless it ends with 0. */
export async function runCommand(args: readonly string[], env: Readonly<Record<string, string>>): Promise<string> {
  const { child, written, ended } = startCommand(args, env)
  await ended
  expect(child.exitCode, `${args.join(' ')}: ${written.stdout}${written.stderr}`).toBe(0)
  return written.stdout
}
