import { StartError } from './errors.mjs'
import { onPath, runCommand } from './run-command.mjs'

/** Makes sure that a Chromium is there for the browser tests; on Debian as root it installs the distribution's. */
export async function installChromium(log) {
  const given = process.env.CHROMIUM_PATH
  if (given !== undefined && given !== '') return
  if (onPath('chromium') !== undefined) return
  if (onPath('apt-get') === undefined || process.getuid?.() !== 0) {
    throw new StartError(
      'The browser tests need Chromium, and installing it needs root rights, unlike all the rest. Run ' +
        '`sudo apt-get install chromium` (or what your system calls it), or name a Chromium or Chrome in CHROMIUM_PATH.',
    )
  }
  log('Installing Chromium with apt-get (about 100 MB)')
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  await runCommand('apt-get', ['update'], { env })
  await runCommand('apt-get', ['install', '-y', '--no-install-recommends', 'chromium', 'fonts-dejavu-core'], { env })
}
