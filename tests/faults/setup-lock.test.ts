import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, onTestFinished, test } from 'vitest'
import { withLock } from '../../scripts/lock.mjs'

function aLock(): string {
  const folder = mkdtempSync(join(tmpdir(), 'dateline-lock-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return join(folder, 'setup.lock')
}

describe('two set-ups at the same time', () => {
  test('[START14] wait for one another', async () => {
    const lock = aLock()
    const steps: string[] = []
    const setUp = (name: string) =>
      withLock(lock, async () => {
        steps.push(`${name} begins`)
        await sleep(5) // lets the other one try meanwhile
        steps.push(`${name} ends`)
      })
    await Promise.all([setUp('first'), setUp('second')])
    expect(steps).toEqual(['first begins', 'first ends', 'second begins', 'second ends'])
    expect(existsSync(lock)).toBe(false)
  })

  test('[START15] do not wait for one that was killed', async () => {
    const lock = aLock()
    const { pid } = spawnSync(process.execPath, ['--version'])
    mkdirSync(lock)
    writeFileSync(join(lock, 'pid'), String(pid))
    const begun = Date.now()
    await withLock(lock, () => {})
    expect(Date.now() - begun).toBeLessThan(1_000)
  })

  test('[START14] give the lock back when one of them fails', async () => {
    const lock = aLock()
    await expect(withLock(lock, () => Promise.reject(new Error('no network')))).rejects.toThrow('no network')
    expect(existsSync(lock)).toBe(false)
  })
})
