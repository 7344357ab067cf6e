import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { test as base, describe, expect } from 'vitest'
import { z } from 'zod'

const BENCH = fileURLToPath(new URL('../../dist/bench/main.js', import.meta.url))

const PipelineResult = z.strictObject({
  bench: z.literal('pipeline'),
  p50_ms: z.number().positive(),
  p99_ms: z.number().positive(),
  floor_p50_ms: z.number().positive(),
  floor_p99_ms: z.number().positive(),
  ratio_p50: z.number().positive(),
  ratio_p99: z.number().positive(),
})

const NormalizeResult = z.strictObject({
  bench: z.literal('normalize'),
  updates_per_s: z.number().positive(),
  p99_us: z.number().positive(),
  worst_32kb_ms: z.number().positive(),
  sanitize_only_per_s: z.number().positive(),
  ratio: z.number().positive(),
})

const ReplayResult = z.strictObject({
  bench: z.literal('replay'),
  entries_per_s: z.number().positive(),
  raw_xrange_per_s: z.number().positive(),
  ratio: z.number().positive(),
  live_p99_ratio: z.number().positive(),
})

const FanoutResult = z.strictObject({
  bench: z.literal('fanout'),
  viewers: z.literal(20),
  dateline_per_s: z.number().positive(),
  stock_per_s: z.number().positive(),
  raw_ws_per_s: z.number().positive(),
  nchan_per_s: z.number().positive().nullable(),
  ratio_raw: z.number().positive(),
  ratio_stock: z.number().positive(),
  ratio_nchan: z.number().positive().nullable(),
  cpu_us: z.number().positive(),
  p99_ms: z.number().positive(),
  raw_p99_ms: z.number().positive(),
})

const BurstResult = z.strictObject({
  bench: z.literal('burst'),
  dateline_per_s: z.number().positive(),
  raw_ws_unbatched_per_s: z.number().positive(),
  ratio: z.number().positive(),
})

const StormResult = z.strictObject({
  bench: z.literal('storm'),
  dateline_per_s: z.number().positive(),
  stock_connect_only_per_s: z.number().positive(),
  ratio: z.number().positive(),
  redis_commands: z.number().min(0),
})

const MemoryResult = z.strictObject({
  bench: z.literal('memory'),
  kb_per_viewer: z.number(),
  stock_kb: z.number(),
  raw_ws_kb: z.number(),
  ratio_stock: z.number().nullable(), // so few weigh nothing
})

const SseResult = z.strictObject({
  bench: z.literal('sse'),
  viewers: z.literal(20),
  dateline_per_s: z.number().positive(),
  plain_per_s: z.number().positive(),
  ratio: z.number().positive(),
  cpu_us: z.number().positive(),
  p99_ms: z.number().positive(),
  plain_p99_ms: z.number().positive(),
})

interface Fixtures {
  /** The temporary folder of the benchmark alone. */
  temporary: string
  /** Runs the built benchmarks in a process group of their own. */
  bench(...args: readonly string[]): Promise<{ stdout: string; stderr: string; code: number | null; group: number }>
}

const test = base.extend<Fixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads a fixture's needs from the pattern
  temporary: async ({}, use) => {
    const folder = await mkdtemp(join(tmpdir(), 'dateline-test-'))
    await use(folder)
    await rm(folder, { recursive: true, force: true })
  },
  bench: async ({ temporary }, use) => {
    await use(async (...args) => {
      const env = { ...process.env, TMPDIR: temporary }
      const child = spawn(process.execPath, [BENCH, ...args], {
        env,
        stdio: ['ignore', 'pipe', 'pipe'],
        detached: true,
      })
      const written = { stdout: '', stderr: '' }
      child.stdout.on('data', chunk => {
        written.stdout += String(chunk)
      })
      child.stderr.on('data', chunk => {
        written.stderr += String(chunk)
      })
      await once(child, 'close')
      if (child.pid === undefined) throw new Error('the benchmark could not be started')
      return { ...written, code: child.exitCode, group: child.pid }
    })
  },
})

describe('benchmarks', { timeout: 60_000 }, () => {
  test('[BENCH1] the pipeline ends by itself, with one JSON object last and nothing left behind', async ({
    bench,
    temporary,
  }) => {
    const tiny = ['--viewers', '20', '--rounds', '2', '--seconds', '1']
    const { code, stdout, stderr, group } = await bench('pipeline', ...tiny)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const lines = stdout.split('\n')
    expect(lines.at(-1)).toBe('')
    PipelineResult.parse(JSON.parse(lines.at(-2) ?? ''))
    expect(() => process.kill(-group, 0)).toThrow('ESRCH')
    expect(await readdir(temporary)).toEqual([])
  })

  test('[BENCH3] normalizing is measured beside sanitizing alone, with one JSON object last', {
    timeout: 120_000,
  }, async ({ bench, temporary }) => {
    const file = join(temporary, 'briefing.ndjson')
    await writeFile(
      file,
      '{"at":"2026-05-04T10:00:00Z","draft":{"body":"<p>A text of its own.</p>","bodyFormat":"html"}}\n',
    )
    const { code, stdout, stderr } = await bench(
      'normalize',
      '--rounds',
      '1',
      '--ms',
      '20',
      '--seeds',
      '5',
      '--file',
      file,
    )
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toContain('1 of briefing.ndjson')
    NormalizeResult.parse(JSON.parse(stdout.split('\n').at(-2) ?? ''))
  })

  test('[BENCH4] a replay at full speed is measured beside its raw stream and a live room, with one JSON object last', {
    timeout: 120_000,
  }, async ({ bench, temporary }) => {
    const tiny = ['--entries', '3000', '--rounds', '1', '--viewers', '5', '--seconds', '1']
    const { code, stdout, stderr, group } = await bench('replay', ...tiny)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    ReplayResult.parse(JSON.parse(stdout.split('\n').at(-2) ?? ''))
    expect(() => process.kill(-group, 0)).toThrow('ESRCH')
    expect(await readdir(temporary)).toEqual([])
  })

  const few = ['--viewers', '20', '--rounds', '1']
  test.for([
    ['fanout', FanoutResult, ['--times', '3', '--nginx', 'no-nginx']],
    ['burst', BurstResult, ['--times', '2']],
    ['storm', StormResult, []],
    ['memory', MemoryResult, []],
    ['sse', SseResult, ['--times', '3']],
  ] as const)(
    '[FAST5] %s is measured beside what it is compared with, with one JSON object last',
    {
      timeout: 120_000,
    },
    async ([name, result, options], { bench, temporary }) => {
      const { code, stdout, stderr, group } = await bench(name, ...few, ...options)
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
      result.parse(JSON.parse(stdout.split('\n').at(-2) ?? ''))
      expect(() => process.kill(-group, 0)).toThrow('ESRCH')
      expect(await readdir(temporary)).toEqual([])
    },
  )

  test('[FAST6] viewers are played by a program in Node where there is no C compiler', {
    timeout: 120_000,
  }, async ({ bench }) => {
    process.env['CC'] = 'no-compiler'
    const runs = ['fanout', 'storm', 'sse'].map(name => [name, ...few, ...(name === 'storm' ? [] : ['--times', '2'])])
    try {
      for (const run of runs) {
        const { code, stdout, stderr } = await bench(...run)
        expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
        expect(stdout).toContain('played by a program in Node, for there is no C compiler here')
      }
    } finally {
      delete process.env['CC']
    }
  })

  test('[BENCH2] an option that is no number to work with is refused', async ({ bench }) => {
    const { code, stdout, stderr } = await bench('pipeline', '--viewers', 'many')
    expect(code).toBe(1)
    expect(stdout).toBe('')
    expect(stderr).toContain('Must be a whole number from 1 to 10000.')
  })
})
