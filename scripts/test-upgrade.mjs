// Old and new releases of each process side by side on one Redis, under load.   npm run test:upgrade -- [--from REF] [--seconds N]
// --from is a commit, tag or branch: the last tag by default, or the tree of 50 commits ago.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { buildRelease, findRelease } from './release.mjs'

process.chdir(fileURLToPath(new URL('..', import.meta.url)))
try {
  const { values } = parseArgs({ options: { from: { type: 'string' }, seconds: { type: 'string' } } })
  const commit = await findRelease(values.from)
  if (commit === undefined) {
    console.log('There is no git history here to build an older release from: nothing was tested.')
    process.exit(0)
  }
  const folder = await buildRelease(commit, line => console.log(line))
  const child = spawn(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', 'tests/faults/upgrade.test.ts'], {
    stdio: 'inherit',
    env: { ...process.env, UPGRADE_FROM: folder, UPGRADE_SECONDS: values.seconds ?? '60' },
  })
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal))
  const [code] = await once(child, 'exit')
  process.exitCode = code ?? 1
} catch (error) {
  console.error(error.message)
  process.exitCode = 1
}
