// Compiles and bundles into dist/.   node scripts/build.mjs
import { createHash } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { installPackages } from './install.mjs'
import { withLock } from './lock.mjs'
import { runCommand } from './run-command.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const dist = join(root, 'dist')
/** As deep as dist/, so that the paths in the source maps are right after the move. */
const fresh = join(root, 'dist.new')
const STAMP = 'built-from'

const FOLDERS = ['src', 'workers', 'web', 'bench', 'scripts']
const FILES = ['tsconfig.json', 'tsconfig.build.json', 'package-lock.json']
const SCRIPTS = ['web/viewer/browser.tsx', 'web/desk/browser.tsx', 'web/ops/browser.tsx']
const STYLES = ['web/viewer/viewer.css', 'web/desk/desk.css', 'web/ops/ops.css', 'web/reference/reference.css']

/** Builds when a source has changed since the last build. */
export async function buildIfStale(log) {
  const stamp = join(dist, STAMP)
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === digestOfSources()) return
  log('Building')
  await build()
}

/**
 * Builds beside dist/ and then moves file by file, so that a running server never reads half a file, and a build that
 * fails changes nothing. Only one may run at a time.
 */
export async function build() {
  const digest = digestOfSources()
  rmSync(fresh, { recursive: true, force: true })
  try {
    mkdirSync(fresh, { recursive: true })
    await Promise.all([compile(), bundle()])
    copyAsTheyAre()
    rmSync(join(dist, STAMP), { force: true })
    moveInto(fresh, dist)
    writeFileSync(join(dist, STAMP), digest)
  } finally {
    rmSync(fresh, { recursive: true, force: true })
  }
}

async function compile() {
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
  await runCommand(process.execPath, [tsc, '-p', 'tsconfig.build.json', '--outDir', fresh], { cwd: root })
}

async function bundle() {
  const { build: esbuild } = await import('esbuild')
  const entryPoints = [...SCRIPTS, ...STYLES]
    .filter(file => existsSync(join(root, file)))
    .map(file => ({ in: join(root, file), out: assetName(file) }))
  if (entryPoints.length === 0) return
  await esbuild({
    entryPoints,
    outdir: join(fresh, 'assets'),
    absWorkingDir: root,
    bundle: true,
    minify: true,
    sourcemap: true,
    format: 'esm',
    target: 'es2022',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    logLevel: 'warning',
  })
}

/** web/viewer/browser.tsx -> viewer, web/viewer/viewer.css -> viewer: one name a page. */
function assetName(file) {
  return file.split('/')[1]
}

/** What tsc leaves behind: Redis scripts, and what the benchmarks get their Redis with, and their viewers. */
function copyAsTheyAre() {
  const kept = [...filesIn('src').filter(file => file.endsWith('.lua')), ...filesIn('scripts')]
  kept.push(...filesIn('bench').filter(file => file.endsWith('.c')))
  for (const file of kept) cpSync(join(root, file), join(fresh, file))
  cpSync(join(root, 'web', 'icon.svg'), join(fresh, 'assets', 'icon.svg'))
}

function moveInto(from, to) {
  const made = filesIn('.', from)
  for (const file of made) {
    mkdirSync(dirname(join(to, file)), { recursive: true })
    renameSync(join(from, file), join(to, file))
  }
  const wanted = new Set(made)
  for (const file of filesIn('.', to)) if (!wanted.has(file)) rmSync(join(to, file))
}

function digestOfSources() {
  const hash = createHash('sha256')
  for (const file of [...FILES, ...FOLDERS.flatMap(folder => filesIn(folder))].sort()) {
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(root, file)))
      .update('\0')
  }
  return hash.digest('hex')
}

/** Every file under a folder, relative to `base`. */
function filesIn(folder, base = root) {
  const path = join(base, folder)
  if (!existsSync(path)) return []
  return readdirSync(path, { withFileTypes: true, recursive: true })
    .filter(entry => entry.isFile())
    .map(entry => relative(base, join(entry.parentPath, entry.name)))
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    process.chdir(root)
    await withLock('.cache/setup.lock', async () => {
      await installPackages(line => console.log(line))
      await build()
    })
  } catch (error) {
    console.error(error.message)
    process.exit(1)
  }
}
