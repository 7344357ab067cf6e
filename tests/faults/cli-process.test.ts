import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { chmod, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, describe, expect, it, vi } from 'vitest'
import { callsTo } from '../support/http.ts'
import { startServer, TEST_SECRET } from '../support/server.ts'

const run = promisify(execFile)
const root = fileURLToPath(new URL('../..', import.meta.url))
const COMMAND = join(root, 'dist/src/main/dateline.js')
const WAIT = { timeout: 30_000 }

const server = await startServer()
const dir = await mkdtemp(join(tmpdir(), 'cli-'))
afterAll(async () => {
  await server.stop()
  await rm(dir, { recursive: true })
})
const { createEvent, publish } = callsTo(server)

// The command as it is when it is installed: under its name, on the path.
await writeFile(join(dir, 'dateline'), `#!/bin/sh\nexec '${process.execPath}' '${COMMAND}' "$@"\n`)
await chmod(join(dir, 'dateline'), 0o755)
const env = {
  ...{
    PATH: `${dir}${delimiter}${process.env['PATH']}`,
    HOME: dir,
    TERM: 'xterm-256color',
    INIT_CWD: dir,
    DATA_DIR: dir,
  },
  ...{ DATELINE_URL: server.url, JWT_SECRET: TEST_SECRET, REDIS_URL: process.env['REDIS_URL'] ?? '', PORT: '0' },
}

const isThere = (program: string) =>
  (process.env['PATH'] ?? '').split(delimiter).some(folder => existsSync(join(folder, program)))

/** What each shell offers for the words so far; the last one is being typed. */
const ASK: Record<string, (words: readonly string[]) => string> = {
  bash: words => `source <(dateline completion bash); COMP_WORDS=(dateline ${words.join(' ')}); COMP_CWORD=${words.length}
compopt() { :; }; _dateline; printf '%s\\n' "\${COMPREPLY[@]}"`,
  zsh: words => `compdef() { :; }; _describe() { print -l -- $found }; source <(dateline completion zsh)
words=(dateline ${words.join(' ')}); CURRENT=${words.length + 1}; _dateline`,
  fish: words =>
    `dateline completion fish | source; complete -C 'dateline ${words.join(' ').replace(/''$/, '').replaceAll("'", "\\'")}'`,
}

async function offered(shell: string, ...words: string[]): Promise<string[]> {
  const args = shell === 'zsh' ? ['-f', '-c'] : ['-c']
  const { stdout } = await run(shell, [...args, ASK[shell]?.(words) ?? ''], { env, cwd: dir })
  return stdout
    .split('\n')
    .map(line => line.split(/[\t:]/)[0] ?? '')
    .filter(word => word !== '')
}

describe('the dateline command', { timeout: 180_000 }, () => {
  it.skipIf(!isThere('bash'))('[CLI16] completes in bash', () => completes('bash'))
  it.skipIf(!isThere('zsh'))('[CLI16] completes in zsh', () => completes('zsh'))
  it.skipIf(!isThere('fish'))('[CLI16] completes in fish', () => completes('fish'))

  async function completes(shell: string) {
    const event = `ferry-${shell}`
    await createEvent({ id: event })
    await writeFile(join(dir, 'an-archive.ndjson.gz'), '')
    expect(await offered(shell, 'ren')).toEqual(['renormalize'])
    expect(await offered(shell, 'replay', 'se')).toEqual(['seek'])
    expect(await offered(shell, 'post', '--br')).toEqual(['--breaking'])
    // Ids that do not come at once are left out: a busy machine may need a second Tab.
    const ids = async (word: string) => await offered(shell, 'tail', word)
    await vi.waitFor(async () => expect(await ids(event.slice(0, -1))).toEqual([event]), WAIT)
    await vi.waitFor(async () => expect(await ids("''")).toContain(event), WAIT)
    expect(await offered(shell, 'import', 'an-')).toEqual(['an-archive.ndjson.gz'])
    await offered(shell, 'post', event, `'$(touch ${join(dir, 'carried-out')})'`, "''")
    expect(existsSync(join(dir, 'carried-out')), 'a Tab carried out what was typed').toBe(false)
  }

  it.skipIf(!isThere('script'))(
    '[CLI13] is coloured on a terminal only, and not there either with NO_COLOR',
    async () => {
      const onTerminal = async (more: Record<string, string>) => {
        const { stdout } = await run('script', ['-qec', 'dateline doctor || true', '/dev/null'], {
          env: { ...env, ...more },
        })
        return stdout
      }
      expect(await onTerminal({})).toContain('\u001b[32mok\u001b[39m')
      expect(await onTerminal({ NO_COLOR: '1' })).not.toContain('\u001b[3')
      const piped = await run('sh', ['-c', 'dateline doctor || true'], { env })
      expect(piped.stdout).not.toContain('\u001b[3')
    },
  )

  it('[CLI11] ends well at Ctrl-C, and when its reader has gone', async () => {
    await createEvent({ id: 'watched' })
    const command = spawn(join(dir, 'dateline'), ['tail', 'watched', '--from', 'start'], {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const ended = once(command, 'exit')
    await once(command.stdout, 'data')
    command.kill('SIGINT')
    expect(await ended).toEqual([0, null])

    const piped = spawn('bash', ['-c', 'dateline tail watched --from start | head -1; echo $PIPESTATUS'], {
      env,
    })
    const output = text(piped.stdout)
    let isOver = false
    const over = once(piped, 'exit').then(() => {
      isOver = true
    })
    await vi.waitFor(async () => {
      await publish('watched', { body: 'One more.' })
      expect(isOver).toBe(true)
    }, WAIT)
    await over
    expect(await output).toMatch(/^ {4}1 {2}.*\n0\n$/)
  })

  it('[DOC2] says what is wrong with an environment that cannot be read', async () => {
    const wrong = { ...env, NODE_ENV: 'production', JWT_SECRET: '', PORT: 'many' }
    const failed = await run('dateline', ['doctor', '--json'], { env: wrong }).catch(error => error)
    expect(failed.code).toBe(1)
    const { ok, findings } = JSON.parse(failed.stdout)
    expect(ok).toBe(false)
    expect(findings).toMatchObject([
      { check: 'environment', result: 'fail', says: expect.stringMatching(/PORT: .*JWT_SECRET: is needed/s) },
    ])
  })

  it('[CLI17] prints tokens that hold, as a line or with what they say', async () => {
    const { stdout } = await run(
      'dateline',
      ['token', '--role', 'ops,editor', '--sub', 'anna', '--expires', '5m', '--json'],
      { env },
    )
    const told = JSON.parse(stdout) as { token: string; expiresAt: string }
    expect(told).toMatchObject({ sub: 'anna', roles: ['ops', 'editor'] })
    const headers = { Authorization: `Bearer ${told.token}` }
    expect((await fetch(`${server.url}/v1/events/watched/replays`, { headers })).status).toBe(200)
    expect((await run('dateline', ['token', '--role', 'ops'], { env })).stdout).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/)
    await expect(run('dateline', ['token', '--role', 'king'], { env })).rejects.toMatchObject({ code: 2 })
  })

  it('[CLI18] is in the package, whole, and runs from there', async () => {
    const options = { cwd: root, env: { ...process.env } }
    const { stdout } = await run('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', dir], options)
    const [{ filename, files } = { filename: '', files: [] }] = JSON.parse(stdout) as {
      filename: string
      files: { path: string }[]
    }[]
    expect(files.map(({ path }) => path).filter(path => /^(?:src|tests|data)\//.test(path))).toEqual([])
    await run('tar', ['-xzf', join(dir, filename), '-C', dir])
    await symlink(join(root, 'node_modules'), join(dir, 'package', 'node_modules'))
    const { bin } = JSON.parse(await readFile(join(dir, 'package', 'package.json'), 'utf8')) as {
      bin: { dateline: string }
    }
    const installed = join(dir, 'package', bin.dateline)
    await chmod(installed, 0o755)
    expect((await run(installed, ['--help'])).stdout).toMatch(/^Usage: dateline /)
    expect((await run(installed, ['events', 'show', 'watched', '--json'], { env })).stdout).toContain('"watched"')
  })
})
