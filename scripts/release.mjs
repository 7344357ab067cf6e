import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { StartError } from './errors.mjs'
import { runCommand } from './run-command.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
/** Without a tag, the release before is the tree of so many commits ago, or the first one. */
const COMMITS_BACK = 50

/** The commit of a ref; without one that of the last tag, else of some time ago. Undefined where there is no git history. */
export async function findRelease(ref) {
  if (!existsSync(join(root, '.git'))) return undefined
  if (ref !== undefined) return await commitOf(ref)
  const tag = await git('describe', '--tags', '--abbrev=0', 'HEAD').catch(() => undefined) // there is none
  if (tag !== undefined) return await commitOf(tag)
  const commits = (await git('rev-list', '--first-parent', `--max-count=${COMMITS_BACK + 1}`, 'HEAD')).split('\n')
  return commits.length > 1 ? commits.at(-1) : undefined
}

/** Builds what is committed there in .cache/releases/<commit>, once; gives the folder. */
export async function buildRelease(commit, log) {
  const folder = join(root, '.cache', 'releases', commit)
  if (existsSync(join(folder, 'dist', 'built-from'))) return folder
  const fresh = `${folder}.new`
  rmSync(fresh, { recursive: true, force: true })
  mkdirSync(fresh, { recursive: true })
  log(`Building the release of ${commit.slice(0, 12)}`)
  const archive = `${fresh}.tar`
  await git('archive', '--format=tar', '--output', archive, commit)
  await runCommand('tar', ['-xf', archive, '-C', fresh])
  rmSync(archive)
  const lockOf = place => readFileSync(join(place, 'package-lock.json'), 'utf8')
  // The same packages need not be there twice.
  if (lockOf(fresh) === lockOf(root)) symlinkSync(join(root, 'node_modules'), join(fresh, 'node_modules'), 'dir')
  rmSync(folder, { recursive: true, force: true })
  renameSync(fresh, folder)
  await runCommand(process.execPath, ['scripts/build.mjs'], { cwd: folder })
  return folder
}

async function commitOf(ref) {
  return await git('rev-parse', '--verify', '--quiet', `${ref}^{commit}`).catch(() => {
    throw new StartError(`There is no commit ${ref} here.`)
  })
}

async function git(...args) {
  return (await runCommand('git', args, { cwd: root })).trim()
}
